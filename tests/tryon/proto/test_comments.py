from tryon.proto.comments import field_comments

PROTO = """// The file.
syntax = "proto2";
package mediapipe;

// What foo does.
message Foo {
  extend CalculatorOptions { optional Foo ext = 1; }
  // How much.
  // Default 1.
  optional float amount = 1 [default = 1];  // At least 0.
  // Far away.

  repeated int32 sizes = 2;
  message Empty {}
  oneof choice {
    // Nothing.
    Empty empty = 3;
  }
  // Some kind.
  enum Kind {
    A = 0;  // First.
  }
}
message Bar {
  optional Foo.Kind kind = 1;  // Of foo.
}
"""


def test_field_comments() -> None:
    found = {name: text for name, text in field_comments(PROTO).items() if text}
    assert found == {
        "mediapipe.Foo": "What foo does.",
        "mediapipe.Foo.amount": "How much. Default 1. At least 0.",
        "mediapipe.Foo.empty": "Nothing.",
        "mediapipe.Foo.Kind": "Some kind.",
        "mediapipe.Bar.kind": "Of foo.",
    }
