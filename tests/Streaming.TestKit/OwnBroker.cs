namespace Streaming.TestKit;

/// <summary>A real broker of the tests' own, whatever broker is named: for tests that write to the product's topics, or delete them.</summary>
public sealed class OwnBroker : RealBroker
{
    protected override bool MayBeNamed => false;
}
