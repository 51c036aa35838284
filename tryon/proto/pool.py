"""The descriptor pool of tryon's messages.

The messages carry MediaPipe's full names, so in protobuf's default pool they would clash with
`import mediapipe` in the same process. Every generated module registers here instead.
"""

from google.protobuf import any_pb2
from google.protobuf.descriptor_pool import DescriptorPool

POOL = DescriptorPool()
POOL.AddSerializedFile(any_pb2.DESCRIPTOR.serialized_pb)
