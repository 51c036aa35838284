"""Random graphs give the same packets whatever runs them."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tryon import Packet
from tryon.graph import CalculatorGraph

INPUTS = ("a", "b")


@st.composite
def graphs(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A random acyclic graph over the inputs a and b, and the names of all its streams."""
    streams = list(INPUTS)
    text = ""
    for index in range(draw(st.integers(1, 6))):
        if draw(st.booleans()):
            taken = draw(st.lists(st.sampled_from(streams), min_size=1, max_size=3))
            made = [f"s{index}_{position}" for position in range(len(taken))]
            inputs = "".join(f'input_stream: "{name}" ' for name in taken)
            outputs = "".join(f'output_stream: "{name}" ' for name in made)
            text += f'node {{ calculator: "TestPassCalculator" {inputs}{outputs}}}\n'
        else:
            made = [f"s{index}"]
            taken = [draw(st.sampled_from(streams))]
            text += (
                f'node {{ calculator: "TestEvenCalculator" input_stream: "{taken[0]}" '
                f'output_stream: "{made[0]}" }}\n'
            )
        streams += made
    return text, streams


packets = st.lists(st.tuples(st.sampled_from(INPUTS), st.integers(1, 3), st.integers(0, 9)), max_size=12)


def run(text: str, streams: list[str], given_packets: list[tuple[str, int, int]]) -> dict[str, list[object]]:
    """The (timestamp, value) pairs of every stream; each packet comes `step` after its stream's last."""
    graph = CalculatorGraph('input_stream: "a" input_stream: "b"\n' + text)
    seen: dict[str, list[object]] = {name: [] for name in streams}

    def note(name: str, packet: Packet) -> None:
        seen[name].append((packet.timestamp, packet.value))

    for name in streams:
        graph.observe_output_stream(name, note)
    with graph:
        graph.start_run()
        times = dict.fromkeys(INPUTS, 0)
        for name, step, value in given_packets:
            times[name] += step
            graph.add_packet_to_input_stream(name, value, times[name])
    return seen


@settings(max_examples=60, deadline=None)
@given(graphs(), packets)
def test_same_result_on_every_executor(
    graph: tuple[str, list[str]], given_packets: list[tuple[str, int, int]]
) -> None:
    text, streams = graph
    one, many, tight, caller = (
        run(settings + text, streams, given_packets)
        for settings in (
            "num_threads: 1\n",
            "num_threads: 3\n",
            "num_threads: 2 max_queue_size: 1\n",
            'executor { type: "ApplicationThreadExecutor" }\n',
        )
    )
    assert one == many == tight == caller
