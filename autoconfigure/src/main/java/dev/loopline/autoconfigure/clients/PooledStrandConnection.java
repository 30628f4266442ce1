package dev.loopline.autoconfigure.clients;

import java.time.Duration;

import io.r2dbc.spi.Batch;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionMetadata;
import io.r2dbc.spi.IsolationLevel;
import io.r2dbc.spi.Statement;
import io.r2dbc.spi.TransactionDefinition;
import io.r2dbc.spi.ValidationDepth;
import io.r2dbc.spi.Wrapped;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import dev.loopline.autoconfigure.reactor.ContinuedWork;
import dev.loopline.runtime.Strand;

/**
 * A connection of a pool that is left when it is given back: what comes then runs on a
 * strand of its own, as the connection's belongs to the next one who asks by then, and
 * would wait for a callback that blocks. Safe for use by as many as the pool's.
 *
 * @param connection of the pool
 * @param work what it was acquired for, if for anything
 * @param strands makes strands
 */
record PooledStrandConnection(Connection connection, @Nullable ContinuedWork work,
		ClientWork strands) implements Connection, Wrapped<Object> {

	@Override
	public Mono<Void> close() {
		return Mono.defer(() -> {
			Mono<Void> closed = Mono.from(this.connection.close());
			Strand strand = this.strands.newStrand(this.work);
			return (strand != null)
					? closed.publishOn(Schedulers.fromExecutor((task) -> ClientWork.run(strand, task, Runnable::run)))
					: closed;
		});
	}

	@Override
	public @Nullable Object unwrap() {
		return (this.connection instanceof Wrapped<?> wrapped) ? wrapped.unwrap() : this.connection;
	}

	@Override
	public <E> @Nullable E unwrap(Class<E> type) {
		if (type.isInstance(this)) {
			return type.cast(this);
		}
		return (this.connection instanceof Wrapped<?> wrapped) ? wrapped.unwrap(type) : null;
	}

	@Override
	public Publisher<Void> beginTransaction() {
		return this.connection.beginTransaction();
	}

	@Override
	public Publisher<Void> beginTransaction(TransactionDefinition definition) {
		return this.connection.beginTransaction(definition);
	}

	@Override
	public Publisher<Void> commitTransaction() {
		return this.connection.commitTransaction();
	}

	@Override
	public Batch createBatch() {
		return this.connection.createBatch();
	}

	@Override
	public Publisher<Void> createSavepoint(String name) {
		return this.connection.createSavepoint(name);
	}

	@Override
	public Statement createStatement(String sql) {
		return this.connection.createStatement(sql);
	}

	@Override
	public boolean isAutoCommit() {
		return this.connection.isAutoCommit();
	}

	@Override
	public ConnectionMetadata getMetadata() {
		return this.connection.getMetadata();
	}

	@Override
	public IsolationLevel getTransactionIsolationLevel() {
		return this.connection.getTransactionIsolationLevel();
	}

	@Override
	public Publisher<Void> releaseSavepoint(String name) {
		return this.connection.releaseSavepoint(name);
	}

	@Override
	public Publisher<Void> rollbackTransaction() {
		return this.connection.rollbackTransaction();
	}

	@Override
	public Publisher<Void> rollbackTransactionToSavepoint(String name) {
		return this.connection.rollbackTransactionToSavepoint(name);
	}

	@Override
	public Publisher<Void> setAutoCommit(boolean autoCommit) {
		return this.connection.setAutoCommit(autoCommit);
	}

	@Override
	public Publisher<Void> setLockWaitTimeout(Duration timeout) {
		return this.connection.setLockWaitTimeout(timeout);
	}

	@Override
	public Publisher<Void> setStatementTimeout(Duration timeout) {
		return this.connection.setStatementTimeout(timeout);
	}

	@Override
	public Publisher<Void> setTransactionIsolationLevel(IsolationLevel isolationLevel) {
		return this.connection.setTransactionIsolationLevel(isolationLevel);
	}

	@Override
	public Publisher<Boolean> validate(ValidationDepth depth) {
		return this.connection.validate(depth);
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return this == other;
	}

	@Override
	public int hashCode() {
		return System.identityHashCode(this);
	}

	@Override
	public String toString() {
		return this.connection.toString();
	}

}
