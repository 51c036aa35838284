"""What calculators that forward streams have in common."""

from tryon import CalculatorContext


def copy_headers(context: CalculatorContext) -> None:
    """Gives each untagged output the header of the untagged input with the same index."""
    for source, target in zip(context.inputs.all_of(""), context.outputs.all_of(""), strict=True):
        if source.header is not None:
            target.header = source.header
