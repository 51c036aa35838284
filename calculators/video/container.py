"""The files that can be written, by the suffix of their name."""

from dataclasses import dataclass
from fractions import Fraction

from calculators.video.header import MICROSECOND


@dataclass(frozen=True)
class Container:
    """What goes into a kind of file.

    Attributes:
        format: FFmpeg's name of it.
        video_codec: the encoder for the pictures.
        quality_range: of the encoder's constant rate factor.
        quality: the one used unless another is asked for.
        audio_codec: the encoder for sound that cannot be copied.
        copied_audio: the sound codecs that players expect in such a file.
        has_edit_list: it can hold sound from before its beginning, which players decode and do not play.
        tick: the shortest time that it tells apart, in seconds.
    """

    format: str
    video_codec: str
    quality_range: range
    quality: int
    audio_codec: str
    copied_audio: frozenset[str]
    has_edit_list: bool = True
    tick: Fraction = MICROSECOND


H264 = "libx264"
_H264_RANGE = range(52)
_MP4_AUDIO = frozenset({"aac", "mp3", "ac3", "eac3"})
_MILLISECOND = Fraction(1, 1000)

CONTAINERS = {
    ".mp4": Container("mp4", H264, _H264_RANGE, 18, "aac", _MP4_AUDIO),
    ".mov": Container("mov", H264, _H264_RANGE, 18, "aac", _MP4_AUDIO | {"alac", "pcm_s16le"}),
    ".mkv": Container(
        "matroska",
        H264,
        _H264_RANGE,
        18,
        "aac",
        _MP4_AUDIO | {"opus", "vorbis", "flac"},
        has_edit_list=False,
        tick=_MILLISECOND,
    ),
    ".webm": Container(
        "webm",
        "libvpx-vp9",
        range(64),
        30,
        "libopus",
        frozenset({"opus", "vorbis"}),
        has_edit_list=False,
        tick=_MILLISECOND,
    ),
}
