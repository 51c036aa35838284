import numpy as np

from calculators.inference.spare_arrays import SpareArrays


def test_shape():
    array = SpareArrays([1, 2, 3], np.float32).take()
    assert (array.shape, array.dtype) == ((1, 2, 3), np.float32)


def test_who_lets_go_gives_back():
    spare = SpareArrays([4], np.uint8)
    addresses = {spare.take().ctypes.data for _ in range(5)}
    assert len(addresses) == 1


def test_who_holds_an_array_or_a_view_keeps_it():
    spare = SpareArrays([4], np.uint8)
    array = spare.take()
    view = spare.take()[1:]
    memory = memoryview(spare.take())
    taken = [spare.take() for _ in range(3)]
    for number, each in enumerate([array, view, np.asarray(memory), *taken]):
        each[:] = number
    assert [each[0] for each in (array, view, memory, *taken)] == [0, 1, 2, 3, 4, 5]
    address = array.ctypes.data
    del array, each
    assert spare.take().ctypes.data == address
