namespace PassthroughTools.Tests; public sealed class T { [Fact] public void Q() { } }
