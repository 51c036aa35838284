"""Checking a node against the contract of its calculator."""

import traceback
from pathlib import Path

from google.protobuf.message import DecodeError

from tryon.contract import PacketTypeSet
from tryon.errors import GraphError
from tryon.registry import nearest_name
from tryon.tag_map import parse_tag_index
from tryon.validated_graph import NodeInfo, place


def check_contract(info: NodeInfo) -> list[str]:
    """Lets the calculator fill in the node's contract and says what of the node does not fit it."""
    problems = []
    name = info.calculator.__name__
    try:
        info.calculator.get_contract(info.contract)
    except GraphError as error:
        said = str(error)
        problems.append(f"{place(info.origin)}{said if said.startswith(name) else f'{name}: {said}'}")
    except Exception as error:  # noqa: BLE001 - a calculator's code may raise anything
        frame = traceback.extract_tb(error.__traceback__)[-1]
        at = f"{Path(frame.filename).name}:{frame.lineno}"
        detail = f"get_contract failed: {type(error).__name__}: {error} in {at}"
        problems.append(f"{place(info.origin)}{name}: {detail}")
    problems += _stream_problems(info, is_complete=not problems)
    problems += _options_problems(info)
    problems += _back_edge_problems(info)
    return problems


def _stream_problems(info: NodeInfo, is_complete: bool) -> list[str]:
    """The streams and side packets that the node lacks and, of a complete contract, those it has too many."""
    contract = info.contract
    lines = []
    for side, types in (
        ("input_stream", contract.inputs),
        ("output_stream", contract.outputs),
        ("input_side_packet", contract.input_side_packets),
        ("output_side_packet", contract.output_side_packets),
    ):
        found = [f'Failed to get tag "{tag}" index {index}' for tag, index in types.missing()]
        if is_complete:
            found += _unexpected(info, side, types)
        if found:
            lines += [f"For {side.replace('_', ' ')}s ValidatePacketTypeSet failed:", *found]
    if not lines:
        return []
    name = info.calculator.__name__
    lines.append(f'("tryon inspect {name}" shows what it has.)')
    return [f"{place(info.origin)}{name}::GetContract failed to validate: \n" + "\n".join(lines)]


def _unexpected(info: NodeInfo, side: str, types: PacketTypeSet) -> list[str]:
    lines = []
    for position, (entry, kind) in enumerate(zip(types.tags, types, strict=True)):
        if kind.is_set:
            continue
        where = info.origin.where(side, position).rstrip(": ")
        nearest = nearest_name(entry.tag, sorted(types.known_tags() - {entry.tag, ""})) if entry.tag else None
        hint = f' Did you mean "{nearest}"?' if nearest else ""
        lines.append(
            f'Tag "{entry.tag}" index {entry.index} was not expected.{f" ({where})" if where else ""}{hint}'
        )
    return lines


def _options_problems(info: NodeInfo) -> list[str]:
    own = info.calculator.Options
    problems = []
    seen = set()
    for index, carrier in enumerate(info.node.node_options):
        where = place(info.origin, "node_options", index)
        if carrier.type_url in seen:
            problems.append(
                f"{where}Options type: '{carrier.type_url}' specified more than once "
                "for a single calculator node config."
            )
        seen.add(carrier.type_url)
        if own is not None and carrier.TypeName() == own.DESCRIPTOR.full_name:
            try:
                own.FromString(carrier.value)
            except DecodeError:
                problems.append(f"{where}The bytes in node_options are no {own.DESCRIPTOR.full_name}.")
    return problems


def _back_edge_problems(info: NodeInfo) -> list[str]:
    tags = info.contract.inputs.tags
    problems = []
    seen = set()
    back_edges = set()
    for index, stream in enumerate(info.node.input_stream_info):
        where = place(info.origin, "input_stream_info", index)
        try:
            key = parse_tag_index(stream.tag_index)
        except GraphError as error:
            problems.append(f"{where}{error}")
            continue
        if key not in tags:
            have = ", ".join(entry.key_text for entry in tags) or "none"
            problems.append(
                f'{where}Input stream with tag_index "{stream.tag_index}" requested in InputStreamInfo '
                f"but is not an input stream of the calculator. (It has: {have}.)"
            )
            continue
        if key in seen:
            problems.append(
                f'{where}Input stream with tag_index "{stream.tag_index}" has more than one InputStreamInfo.'
            )
        seen.add(key)
        if stream.back_edge:
            back_edges.add(tags.position(key))
    info.back_edges = frozenset(back_edges)
    return problems
