"""A clear answer to graphs that keep pictures on the GPU."""

from tryon import CalculatorContract, GraphError

GPU_TAGS = ("IMAGE_GPU", "MASK_GPU", "ALPHA_GPU")


def refuse_gpu(contract: CalculatorContract, instead: str = "") -> None:
    """Refuses the tags of pictures on the GPU.

    Args:
        contract: of the node.
        instead: what the tags for pictures in memory end in, "" or "_CPU".

    Raises:
        GraphError: the node has one; the message names the tag to use.
    """
    for types in (contract.inputs, contract.outputs):
        for entry in types.tags:
            if entry.tag in GPU_TAGS:
                raise GraphError(
                    f"{entry.tag} is not available, pictures are in memory here: use "
                    f"{entry.tag.removesuffix('_GPU')}{instead}."
                )
