"""The drawings of docs/timestamps_and_policies.md: what really happens in small graphs, as SVG.

`python -m docs.timelines` writes them; each shows which packets arrive, one after the other, and which calls
of `process` follow from each arrival. The calls are those of a run, so that a drawing cannot be wrong.
"""

from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from tryon import Calculator, CalculatorContext, CalculatorContract, Packet, register
from tryon.graph import CalculatorGraph
from tryon.timestamp import Timestamp

IMAGES = Path(__file__).resolve().parent / "images"

COLUMN = 114
LEFT = 100
ROW = 40
RADIUS = 15
CARD = 104
LINE = 24
TOP = 52
BLUE, ORANGE, GREEN, VIOLET = "#2a6fb0", "#c2571a", "#3f8a4c", "#7a55a8"
COLORS = {"A": BLUE, "B": ORANGE, "C": GREEN, "SELECT": VIOLET, "FRAME": BLUE, "MASK": ORANGE}
COLORS |= {"PREV": ORANGE, "FINISHED": ORANGE, "SAMPLED": BLUE}
INK, PALE, PAPER = "#222222", "#8a93a0", "#ffffff"


@dataclass(frozen=True)
class Step:
    """What the application does: a packet arrives, a bound moves, a stream ends.

    Attributes:
        stream: which one; "" for all.
        timestamp: of the packet or the bound; None where a stream ends.
        value: of the packet.
        is_bound: the bound moves to `timestamp`, no packet comes.
    """

    stream: str
    timestamp: int | None = None
    value: int | None = None
    is_bound: bool = False


@dataclass(frozen=True)
class Story:
    """One drawing.

    Attributes:
        name: of the file.
        title: what it shows.
        streams: the graph's input streams.
        steps: what arrives.
        node: what the observed node says besides its streams.
        before: nodes between the streams and the observed node.
        inputs: the observed node's inputs: the streams without.
    """

    name: str
    title: str
    streams: tuple[str, ...]
    steps: tuple[Step, ...]
    node: str = ""
    before: str = ""
    inputs: tuple[str, ...] = ()


@dataclass
class Call:
    """One call of `process`: each input's packet, None where it is empty."""

    packets: dict[str, Packet | None] = field(default_factory=dict)


@register
class TimelineCalculator(Calculator):
    """Writes down its calls."""

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        for kind in contract.inputs:
            kind.set_any()
        contract.input_side_packets["CALLS"].set(list)

    def open(self, context: CalculatorContext) -> None:
        self._calls: list[Call] = context.input_side_packets["CALLS"].value

    def process(self, context: CalculatorContext) -> None:
        call = Call()
        for entry, stream in zip(context.inputs.tags, context.inputs, strict=True):
            call.packets[entry.tag] = None if stream.is_empty else stream.packet
        self._calls.append(call)


def tell(story: Story) -> list[list[Call]]:
    """Runs a story; the calls that followed each step, and those that followed the end of all streams."""
    streams = " ".join(f'input_stream: "{name.lower()}"' for name in story.streams)
    tags = story.inputs or story.streams
    inputs = " ".join(f'input_stream: "{tag}:{tag.lower()}"' for tag in tags)
    graph = CalculatorGraph(
        f'{streams} input_side_packet: "calls" {story.before} '
        f'node {{ calculator: "TimelineCalculator" {inputs} input_side_packet: "CALLS:calls" {story.node} }}'
    )
    calls: list[Call] = []
    told: list[list[Call]] = []
    graph.start_run({"calls": calls})
    for step in story.steps:
        name = step.stream.lower()
        if not name:
            graph.close_all_packet_sources()
        elif step.timestamp is None:
            graph.close_input_stream(name)
        elif step.is_bound:
            graph.set_input_stream_timestamp_bound(name, step.timestamp)
        else:
            graph.add_packet_to_input_stream(name, step.value, step.timestamp)
        graph.wait_until_idle()
        told.append(list(calls))
        calls.clear()
    graph.close_all_packet_sources()
    graph.wait_until_done()
    return told


def draw(story: Story) -> str:
    """The SVG of a story."""
    told = tell(story)
    rows = {name: TOP + index * ROW for index, name in enumerate(story.streams)}
    cards_top = TOP + len(rows) * ROW + 6
    card_height = LINE * len(story.inputs or rows) + 8
    most = max(len(calls) for calls in told)
    width = LEFT + COLUMN * len(story.steps) + 12
    height = cards_top + max(most, 1) * (card_height + 8) + 10
    parts = [_text(14, 24, story.title, weight="bold")]
    for name, y in rows.items():
        parts.append(_text(14, y + 5, name, color=COLORS[name], weight="bold"))
        parts.append(
            f'<line x1="{LEFT - 12}" y1="{y}" x2="{width - 12}" y2="{y}" stroke="#d5dae0" stroke-width="2"/>'
        )
    parts.append(_text(14, cards_top + card_height / 2 + 4, "process()"))
    for index, (step, calls) in enumerate(zip(story.steps, told, strict=True)):
        x = LEFT + index * COLUMN + COLUMN / 2
        for name in [step.stream] if step.stream else list(rows):
            parts += _event(step, name, x, rows[name])
        if not calls:
            parts.append(_text(x, cards_top + card_height / 2 + 4, "waits", color=PALE, anchor="middle"))
        for place, call in enumerate(calls):
            parts += _card(call, x, cards_top + place * (card_height + 8), card_height)
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="Helvetica, Arial, sans-serif" font-size="13">\n'
        f"<title>{escape(story.title)}</title>\n"
        f'<rect width="{width}" height="{height}" rx="8" fill="{PAPER}"/>\n{body}\n</svg>\n'
    )


def _event(step: Step, name: str, x: float, y: float) -> list[str]:
    color = COLORS[name]
    if step.timestamp is None:
        return [
            f'<line x1="{x}" y1="{y - 13}" x2="{x}" y2="{y + 13}" stroke="{color}" stroke-width="4"/>',
            _text(x + 8, y - 6, "end", color=color, size=11),
        ]
    if step.is_bound:
        points = f"{x - 5},{y - 11} {x + 5},{y} {x - 5},{y + 11}"
        return [
            f'<polyline points="{points}" fill="none" stroke="{color}" stroke-width="3"/>',
            _text(x + 9, y - 6, f"bound {_short(step.timestamp)}", color=color, size=11),
        ]
    parts = [
        f'<circle cx="{x}" cy="{y}" r="{RADIUS}" fill="{color}"/>',
        _text(x, y + 4.5, _short(step.timestamp), color=PAPER, anchor="middle"),
    ]
    if step.value is not None:
        parts.append(_text(x + RADIUS + 2, y - 6, f"= {step.value}", color=color, size=11))
    return parts


def _card(call: Call, x: float, y: float, height: float) -> list[str]:
    left = x - CARD / 2
    parts = [
        f'<rect x="{left}" y="{y}" width="{CARD}" height="{height}" rx="6" fill="#f3f5f8" stroke="{PALE}"/>'
    ]
    for place, (name, packet) in enumerate(call.packets.items()):
        center = y + 4 + LINE * place + LINE / 2
        if packet is None:
            parts.append(_text(x, center + 4.5, f"{name} -", color=PALE, anchor="middle"))
        else:
            text = f"{name} {_short(packet.timestamp)}"
            if packet.value is not None:
                text += f" = {packet.value}"
            parts.append(_text(x, center + 4.5, text, color=COLORS[name], anchor="middle", weight="bold"))
    return parts


def _short(timestamp: int) -> str:
    names = {Timestamp.PRESTREAM: "Pre", Timestamp.POSTSTREAM: "Post"}
    return names.get(timestamp, str(timestamp))


def _text(
    x: float,
    y: float,
    text: str,
    color: str = INK,
    anchor: str = "start",
    weight: str = "normal",
    size: int = 13,
) -> str:
    return (
        f'<text x="{x:g}" y="{y:g}" fill="{color}" text-anchor="{anchor}" font-weight="{weight}" '
        f'font-size="{size}">{escape(text)}</text>'
    )


def packets(text: str) -> tuple[Step, ...]:
    """Steps as words: "A10" a packet, "A>30" a bound, "A." an end, "SELECT10=1" a packet's value."""
    steps = []
    for word in text.split():
        stream = word.rstrip("0123456789>=.")
        rest = word.removeprefix(stream)
        time, _, value = rest.lstrip(">").partition("=")
        steps.append(
            Step(stream, None if rest == "." else int(time), int(value) if value else None, rest[0] == ">")
        )
    return tuple(steps)


def policy(name: str, options: str = "") -> str:
    """What a node says to choose an input policy."""
    if options:
        options = f"options {{ [mediapipe.{name}InputStreamHandlerOptions.ext] {{ {options} }} }}"
    return f'input_stream_handler {{ input_stream_handler: "{name}InputStreamHandler" {options} }}'


LOOP = """
    node {
      calculator: "PreviousLoopbackCalculator"
      input_stream: "MAIN:frame"
      input_stream: "LOOP:mask"
      input_stream_info { tag_index: "LOOP" back_edge: true }
      output_stream: "PREV_LOOP:prev"
    }
"""
LIMITER = """
    node {
      calculator: "FlowLimiterCalculator"
      input_stream: "frame"
      input_stream: "FINISHED:finished"
      input_stream_info { tag_index: "FINISHED" back_edge: true }
      output_stream: "sampled"
    }
"""
STORIES = (
    Story(
        "settled",
        "A node runs once all its inputs are settled",
        ("A", "B"),
        packets("A10 B10 A20 B>21 B30 A."),
    ),
    Story(
        "policy_default",
        "Default: together, in order, nothing lost",
        ("A", "B"),
        packets("A10 A20 B10 B30 A>31"),
    ),
    Story(
        "policy_immediate",
        "Immediate: every packet at once, on its own",
        ("A", "B"),
        packets("A10 A20 B10 B30 A."),
        policy("Immediate"),
    ),
    Story(
        "policy_sync_set",
        "SyncSet: A and B together, C apart from them",
        ("A", "B", "C"),
        packets("A10 C30 B10 A20 C40 B20"),
        policy("SyncSet", 'sync_set { tag_index: "A" tag_index: "B" }'),
    ),
    Story(
        "policy_fixed_size",
        "FixedSize: two packets wait at most, then only the newest is kept",
        ("A", "B"),
        packets("A10 A20 A30 A40 B40"),
        policy("FixedSize"),
    ),
    Story(
        "policy_barrier",
        "Barrier: one packet of each, whatever their timestamps",
        ("A", "B"),
        packets("A10 A20 B17 B18 B40 A50"),
        policy("Barrier"),
    ),
    Story(
        "policy_timestamp_align",
        "TimestampAlign: B counts from another zero than A",
        ("A", "B"),
        packets("A100 B7 A110 B17 A120"),
        policy("TimestampAlign", 'timestamp_base_tag_index: "A"'),
    ),
    Story(
        "policy_mux",
        "Mux: SELECT says which input counts",
        ("A", "B", "SELECT"),
        packets("A10 SELECT10=0 B20 SELECT20=1 SELECT30=0 A30"),
        policy("Mux"),
    ),
    Story(
        "policy_early_close",
        "EarlyClose: the node ends with its first input",
        ("A", "B"),
        packets("A10 B10 B20 A. B30"),
        policy("EarlyClose"),
    ),
    Story(
        "loop",
        "A loop: each frame meets the mask of the frame before",
        ("FRAME", "MASK"),
        packets("FRAME10 MASK10=1 FRAME20 MASK20=2 FRAME30"),
        before=LOOP,
        inputs=("FRAME", "PREV"),
    ),
    Story(
        "flow_limiter",
        "FlowLimiter: one frame in flight, those that come meanwhile are dropped",
        ("FRAME", "FINISHED"),
        packets("FRAME10 FRAME20 FRAME30 FINISHED10 FRAME40 FINISHED40"),
        before=LIMITER,
        inputs=("SAMPLED",),
    ),
)


def main() -> None:
    """Writes all drawings."""
    for story in STORIES:
        (IMAGES / f"{story.name}.svg").write_text(draw(story), encoding="utf-8")


if __name__ == "__main__":
    main()
