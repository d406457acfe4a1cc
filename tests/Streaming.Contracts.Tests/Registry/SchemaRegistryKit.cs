using System.Collections.Immutable;
using Avro;
using Streaming.Contracts.Registry;
using Streaming.Contracts.Schemas;

namespace Streaming.Contracts.Tests.Registry;

/// <summary>What every registry does. The registry under test holds subjects to BACKWARD.</summary>
public abstract class SchemaRegistryKit
{
    private static readonly RecordSchema s_v1 = EventSchemas.Label;
    private static readonly RecordSchema s_v2 = Writers.With(s_v1, """{"name":"by","type":["null","string"],"default":null}""");
    private static readonly RecordSchema s_broken = Writers.With(s_v1, """{"name":"by","type":"string"}""");

    protected abstract ISchemaRegistry Registry { get; }

    [Fact]
    public async Task A_registered_schema_is_found_by_its_id()
    {
        var id = Found(await Registry.RegisterAsync("labels-value", s_v1, default));
        Assert.Equal(s_v1, Found(await Registry.GetByIdAsync(id, default)));
        Assert.Equal(s_v1.ToString(), Found(await Registry.GetByIdAsync(id, default)).ToString());
    }

    [Fact]
    public async Task The_same_schema_keeps_its_id_and_makes_no_version()
    {
        var id = Found(await Registry.RegisterAsync("labels-value", s_v1, default));
        Assert.Equal(id, Found(await Registry.RegisterAsync("labels-value", s_v1, default)));
        Assert.Equal(id, Found(await Registry.RegisterAsync("other-value", s_v1, default)));
        Assert.Equal([1], Found(await Registry.GetVersionsAsync("labels-value", default)).AsEnumerable());
    }

    [Fact]
    public async Task Versions_count_from_one_and_the_latest_is_the_last()
    {
        var first = Found(await Registry.RegisterAsync("labels-value", s_v1, default));
        var second = Found(await Registry.RegisterAsync("labels-value", s_v2, default));
        Assert.NotEqual(first, second);
        Assert.Equal([1, 2], Found(await Registry.GetVersionsAsync("labels-value", default)).AsEnumerable());
        Assert.Equal(new RegisteredSchema("labels-value", 1, first, s_v1), Found(await Registry.GetVersionAsync("labels-value", 1, default)));
        Assert.Equal(new RegisteredSchema("labels-value", 2, second, s_v2), Found(await Registry.GetLatestAsync("labels-value", default)));
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        Found(await Registry.RegisterAsync("labels-value", s_v1, default));
        Assert.IsType<RegistryResult<Schema>.NotFound>(await Registry.GetByIdAsync(123_456_789, default));
        Assert.IsType<RegistryResult<ImmutableArray<int>>.NotFound>(await Registry.GetVersionsAsync("nobody", default));
        Assert.IsType<RegistryResult<RegisteredSchema>.NotFound>(await Registry.GetLatestAsync("nobody", default));
        Assert.IsType<RegistryResult<RegisteredSchema>.NotFound>(await Registry.GetVersionAsync("labels-value", 2, default));
    }

    [Fact]
    public async Task An_incompatible_schema_is_rejected_and_leaves_no_trace()
    {
        Found(await Registry.RegisterAsync("labels-value", s_v1, default));
        var rejected = Assert.IsType<RegistryResult<int>.Rejected>(await Registry.RegisterAsync("labels-value", s_broken, default));
        Assert.Equal(RegistryRejection.Incompatible, rejected.Reason);
        Assert.Contains("by", rejected.Detail, StringComparison.Ordinal);
        Assert.Equal([1], Found(await Registry.GetVersionsAsync("labels-value", default)).AsEnumerable());
    }

    [Fact]
    public async Task Compatibility_is_told_before_registering()
    {
        Assert.True(Found(await Registry.CheckCompatibilityAsync("labels-value", s_broken, default)).IsCompatible);
        Found(await Registry.RegisterAsync("labels-value", s_v1, default));
        Assert.True(Found(await Registry.CheckCompatibilityAsync("labels-value", s_v2, default)).IsCompatible);
        var report = Found(await Registry.CheckCompatibilityAsync("labels-value", s_broken, default));
        Assert.False(report.IsCompatible);
        Assert.NotEmpty(report.Messages);
    }

    [Fact]
    public async Task A_subject_has_the_level_that_was_set_for_it()
    {
        Assert.Equal(CompatibilityLevel.Backward, Found(await Registry.GetLevelAsync("labels-value", default)));
        Assert.Equal(CompatibilityLevel.None, Found(await Registry.SetLevelAsync("labels-value", CompatibilityLevel.None, default)));
        Assert.Equal(CompatibilityLevel.None, Found(await Registry.GetLevelAsync("labels-value", default)));
        Found(await Registry.RegisterAsync("labels-value", s_v1, default));
        Found(await Registry.RegisterAsync("labels-value", s_broken, default));
    }

    [Fact]
    public async Task Subjects_that_are_held_to_less_than_a_replay_needs_are_named_with_the_level_to_set()
    {
        string[] subjects = ["a-value", "b-value", "c-value"];
        await Registry.SetLevelAsync("a-value", CompatibilityLevel.FullTransitive, default);
        await Registry.SetLevelAsync("c-value", CompatibilityLevel.ForwardTransitive, default);
        var advice = await SubjectLevels.AdviseAsync(Registry, subjects, default);
        Assert.StartsWith("the schema registry holds b-value to BACKWARD, c-value to FORWARD_TRANSITIVE, and a replay", advice, StringComparison.Ordinal);
        Assert.Contains("set BACKWARD_TRANSITIVE", advice, StringComparison.Ordinal);
        await Registry.SetLevelAsync("b-value", CompatibilityLevel.BackwardTransitive, default);
        await Registry.SetLevelAsync("c-value", CompatibilityLevel.BackwardTransitive, default);
        Assert.Null(await SubjectLevels.AdviseAsync(Registry, subjects, default));
    }

    protected static T Found<T>(RegistryResult<T> result) => Assert.IsType<RegistryResult<T>.Found>(result).Value;
}
