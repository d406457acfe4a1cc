using Xunit.Abstractions;

namespace Streaming.Engine.Tests.Checkpoints;

/// <summary>
/// The checkpoint protocol in the orders of steps and faults that seeds choose, and mistakes in it, each of which must be found. A message
/// names the seed: <see cref="CheckpointModel.Run"/> with it repeats what happened. Even seeds have sources and keepers that look at each
/// other, odd ones such that tell each other. A rare fault has the seed from which on it is looked for.
/// </summary>
public sealed class CheckpointModelSpec(ITestOutputHelper output)
{
    private const int Steps = 600;

    [Fact]
    public void No_order_of_steps_and_faults_loses_or_doubles_an_event()
    {
        for (var seed = 0; seed < 3_000; seed++)
        {
            if (CheckpointModel.Run(seed, Steps, ModelTwin.None) is { } fault)
            {
                Assert.Fail(fault);
            }
        }
    }

    [Theory]
    [InlineData(nameof(ModelTwin.NoToken))]
    [InlineData(nameof(ModelTwin.TokenWithoutOwner))]
    [InlineData(nameof(ModelTwin.ManifestFirst))]
    [InlineData(nameof(ModelTwin.LateProgress))]
    [InlineData(nameof(ModelTwin.NoAdmission))]
    [InlineData(nameof(ModelTwin.LossesIgnored))]
    [InlineData(nameof(ModelTwin.WritesNotCounted))]
    [InlineData(nameof(ModelTwin.UncheckedLoad), 7_000)]
    [InlineData(nameof(ModelTwin.MarkWithoutRun))]
    [InlineData(nameof(ModelTwin.OldRunsCount))]
    [InlineData(nameof(ModelTwin.LossForgotten))]
    [InlineData(nameof(ModelTwin.LossesNotedLate))]
    [InlineData(nameof(ModelTwin.AdmissionByStart))]
    [InlineData(nameof(ModelTwin.TrimmedByAnyWord), 16_000)]
    [InlineData(nameof(ModelTwin.DistrustNotWritten))]
    [InlineData(nameof(ModelTwin.ReloadedIsClean))]
    public void A_mistake_in_the_protocol_is_found(string mistake, int firstSeed = 0)
    {
        var twin = Enum.Parse<ModelTwin>(mistake);
        var found = Enumerable.Range(firstSeed, 5_000).Select(seed => CheckpointModel.Run(seed, Steps, twin)).FirstOrDefault(
            static fault => fault is not null);
        output.WriteLine($"{mistake}: {found}");
        Assert.NotNull(found);
    }
}
