"""Passes the sound of one file into another while the pictures are written."""

from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Self

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.packet import Packet

from calculators.video.container import Container
from calculators.video.header import to_microseconds, to_ticks

DEFAULT_RATE = 48_000
PREROLL_US = 100_000  # decoders take a few packets to settle before the first one that is heard


class AudioTrack:
    """The first sound track of a source, on its way into an output.

    Its packets are copied as they are where the output takes their codec; else they are decoded and encoded
    again. Packets that cannot be decoded are left out, as players do.

    Args:
        source: the file with the sound, open; `close` closes it.
        output: the file it goes to, before its first packet.
        container: the kind of the output.
        start: when the pictures begin, in microseconds: what ends before is left out. A negative start
            becomes 0 in the output.
    """

    def __init__(
        self, source: InputContainer, output: OutputContainer, container: Container, start: int
    ) -> None:
        self._source = source
        self._output = output
        self._start = start
        self._stream = source.streams.audio[0]
        self._is_copied = self._stream.codec.canonical_name in container.copied_audio
        if self._is_copied:
            self._sink = output.add_stream_from_template(self._stream)
        else:
            self._sink = self._add_encoder(container.audio_codec)
        self._earliest = start - (PREROLL_US if container.has_edit_list else self._delay())
        self._packets = self._read()
        self._next = next(self._packets, None)

    @classmethod
    def of_file(
        cls, path: Path | str, output: OutputContainer, container: Container, start: int
    ) -> Self | None:
        """The sound of a file; None for what has none: a camera, a folder, a silent video."""
        if not Path(path).is_file():
            return None
        try:
            source = av.open(str(path))
        except av.FFmpegError:  # the node that reads its pictures says what is wrong with it
            return None
        if source.streams.audio:
            return cls(source, output, container, start)
        source.close()
        return None

    def advance(self, until: int) -> None:
        """Passes on what begins before a time in microseconds."""
        while self._next is not None and self._next[0] < until:
            self._pass_on(self._next[1])
            self._next = next(self._packets, None)

    def finish(self, until: int) -> None:
        """Passes on what begins before a time in microseconds, and what the encoder holds back."""
        self.advance(until)
        if not self._is_copied:
            self._output.mux(self._sink.encode(None))

    def close(self) -> None:
        """Closes the source."""
        self._source.close()

    def _add_encoder(self, codec: str) -> AudioStream:
        source = self._stream.codec_context
        rates = av.Codec(codec, "w").audio_rates or []
        rate = source.sample_rate if source.sample_rate in rates else DEFAULT_RATE
        layout = "mono" if source.layout.nb_channels == 1 else "stereo"
        stream = self._output.add_stream(codec, rate=rate, layout=layout)
        assert isinstance(stream, AudioStream)
        return stream

    def _delay(self) -> int:
        """How much earlier than its sound a codec's packets begin, in microseconds, if the file tells it."""
        source = self._stream.codec_context
        return to_microseconds(source.delay, Fraction(1, source.sample_rate))

    def _read(self) -> Iterator["tuple[int, Packet[AudioStream]]"]:
        last = None
        with suppress(av.FFmpegError):  # damaged from here on: the reader of the pictures says so
            for packet in self._source.demux(self._stream):
                if packet.pts is None:
                    continue
                begin = to_microseconds(packet.pts, packet.time_base)
                if begin >= self._earliest and (last is None or begin > last):
                    last = begin
                    yield begin, packet

    def _pass_on(self, packet: "Packet[AudioStream]") -> None:
        if self._is_copied:
            packet.pts = packet.dts = self._shifted(packet.pts, packet.time_base)
            packet.stream = self._sink
            self._output.mux(packet)
            return
        frames: list[AudioFrame] = []
        with suppress(av.InvalidDataError):
            frames = packet.decode()
        for frame in frames:
            frame.pts = self._shifted(frame.pts, packet.time_base)
            self._output.mux(self._sink.encode(frame))

    def _shifted(self, ticks: int | None, time_base: Fraction) -> int | None:
        return None if ticks is None else ticks - to_ticks(min(self._start, 0), time_base)
