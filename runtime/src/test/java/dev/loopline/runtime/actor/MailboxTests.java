package dev.loopline.runtime.actor;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Mailbox}.
 */
class MailboxTests {

	private final Mailbox mailbox = new Mailbox(2);

	@Test
	void admitsUpToItsCapacity() {
		assertThat(this.mailbox.admit()).isEqualTo(Mailbox.Admission.ADMITTED);
		assertThat(this.mailbox.admit()).isEqualTo(Mailbox.Admission.ADMITTED);
		assertThat(this.mailbox.admit()).isEqualTo(Mailbox.Admission.FULL);
		this.mailbox.take();
		assertThat(this.mailbox.depth()).isOne();
		assertThat(this.mailbox.admit()).isEqualTo(Mailbox.Admission.ADMITTED);
	}

	@Test
	void closesOnceAndKeepsCounting() {
		this.mailbox.admit();
		assertThat(this.mailbox.close()).isTrue();
		assertThat(this.mailbox.close()).isFalse();
		assertThat(this.mailbox.isClosed()).isTrue();
		assertThat(this.mailbox.admit()).isEqualTo(Mailbox.Admission.CLOSED);
		assertThat(this.mailbox.depth()).isOne();
		this.mailbox.take();
		assertThat(this.mailbox.depth()).isZero();
		assertThat(this.mailbox.isClosed()).isTrue();
	}

}
