package dev.loopline.autoconfigure.actuate;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;

import dev.loopline.runtime.StrandKind;
import dev.loopline.runtime.StrandSnapshot;
import dev.loopline.runtime.stall.WorkDescription;

/**
 * Which strands to show, and in which order.
 */
final class StrandQuery {

	static final int MAX_SIZE = 500;

	/** How far back a page may lie: what is before it has to be sorted. */
	static final int MAX_OFFSET = 10_000;

	private static final int MAX_TEXT = 100;

	/** No more than fit into an integer. */
	private static final Pattern DIGITS = Pattern.compile("[0-9]{1,9}");

	private static final Map<String, Comparator<StrandSnapshot>> ORDERS = new TreeMap<>(Map.of("age",
			Comparator.comparing(StrandSnapshot::age), "busy", Comparator.comparing(StrandSnapshot::busy), "queued",
			Comparator.comparing(StrandSnapshot::queued), "idle", Comparator.comparing(StrandSnapshot::idle),
			"longest-poll", Comparator.comparing(StrandSnapshot::longestPoll), "polls",
			Comparator.comparingInt(StrandSnapshot::polls), "moves", Comparator.comparingInt(StrandSnapshot::moves),
			"id", Comparator.comparingLong(StrandSnapshot::id), "name", Comparator.comparing(StrandSnapshot::name),
			"state", Comparator.comparing(StrandSnapshot::state).thenComparing(StrandSnapshot::stateFor)));

	private final int page;

	private final int size;

	private final Comparator<StrandSnapshot> order;

	private final @Nullable StrandKind kind;

	private final StrandSnapshot.@Nullable State state;

	private final String text;

	/**
	 * Checks every parameter.
	 * @throws InvalidEndpointRequestException if one is out of range
	 */
	StrandQuery(@Nullable String page, @Nullable String size, @Nullable String sort, @Nullable String kind,
			@Nullable String state, @Nullable String text) {
		this.size = number("size", size, 50, 1, MAX_SIZE);
		this.page = number("page", page, 0, 0, MAX_OFFSET / this.size);
		this.order = order((sort != null) ? sort : "-busy");
		this.kind = constant("kind", kind, StrandKind.values());
		this.state = constant("state", state, StrandSnapshot.State.values());
		this.text = (text != null) ? text.toLowerCase(Locale.ROOT) : "";
		check(this.text.length() <= MAX_TEXT, "text", "at most " + MAX_TEXT + " characters");
	}

	private static int number(String name, @Nullable String value, int otherwise, int min, int max) {
		if (value == null) {
			return otherwise;
		}
		boolean number = DIGITS.matcher(value).matches();
		check(number && Integer.parseInt(value) >= min && Integer.parseInt(value) <= max, name,
				"from " + min + " to " + max);
		return Integer.parseInt(value);
	}

	private static Comparator<StrandSnapshot> order(String sort) {
		boolean descending = sort.startsWith("-");
		Comparator<StrandSnapshot> order = ORDERS.get(descending ? sort.substring(1) : sort);
		if (order == null) {
			throw invalid("sort", "one of " + String.join(", ", ORDERS.keySet()) + ", with - for descending");
		}
		return (descending ? order.reversed() : order).thenComparing(StrandSnapshot::id);
	}

	private static <E extends Enum<E>> @Nullable E constant(String name, @Nullable String value, E[] constants) {
		if (value == null || value.isEmpty()) {
			return null;
		}
		List<String> names = Arrays.stream(constants).map(RuntimeDescriptor::lowerCase).toList();
		int index = names.indexOf(value);
		check(index >= 0, name, "one of " + String.join(", ", names));
		return constants[index];
	}

	private static void check(boolean valid, String name, String allowed) {
		if (!valid) {
			throw invalid(name, allowed);
		}
	}

	private static InvalidEndpointRequestException invalid(String name, String allowed) {
		String reason = "'" + name + "' must be " + allowed;
		return new InvalidEndpointRequestException(reason, reason);
	}

	/**
	 * Runs the query. Keeps no more than what it shows and what comes before that.
	 */
	StrandsDescriptor run(Stream<StrandSnapshot> strands) {
		int wanted = (this.page + 1) * this.size;
		PriorityQueue<StrandSnapshot> first = new PriorityQueue<>(this.order.reversed());
		long total = 0;
		for (Iterator<StrandSnapshot> all = strands.iterator(); all.hasNext();) {
			StrandSnapshot strand = all.next();
			if (matches(strand)) {
				total++;
				if (first.size() < wanted) {
					first.add(strand);
				}
				else if (this.order.compare(strand, first.element()) < 0) {
					first.remove();
					first.add(strand);
				}
			}
		}
		List<StrandsDescriptor.Row> rows = first.stream()
			.sorted(this.order)
			.skip((long) this.page * this.size)
			.map(StrandsDescriptor.Row::of)
			.toList();
		return new StrandsDescriptor(total, this.page, this.size, rows);
	}

	private boolean matches(StrandSnapshot strand) {
		if (this.kind != null && strand.kind() != this.kind || this.state != null && strand.state() != this.state) {
			return false;
		}
		return this.text.isEmpty() || contains(strand.name()) || contains(route(strand));
	}

	private static @Nullable String route(StrandSnapshot strand) {
		WorkDescription work = strand.work();
		return (work != null) ? work.route() : null;
	}

	private boolean contains(@Nullable String value) {
		return value != null && value.toLowerCase(Locale.ROOT).contains(this.text);
	}

}
