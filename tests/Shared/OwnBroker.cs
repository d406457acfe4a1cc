namespace Streaming.Tests;

/// <summary>A real broker of the tests' own, whatever broker is named: for tests that write to the product's topics, or delete them. Compiled into every test assembly.</summary>
public sealed class OwnBroker : RealBroker
{
    protected override bool MayBeNamed => false;
}
