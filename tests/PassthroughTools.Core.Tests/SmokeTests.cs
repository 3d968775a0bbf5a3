namespace PassthroughTools.Tests;
public sealed class SmokeTests { [Fact] public void A_b() => Assert.Equal(0, (int)Provenance.Unknown); }
