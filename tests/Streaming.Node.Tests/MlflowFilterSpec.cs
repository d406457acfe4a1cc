using System.Collections.Immutable;
using Streaming.Node.MLflow;
using Streaming.Scoring.Registry;

namespace Streaming.Node.Tests;

public sealed class MlflowFilterSpec
{
    private static readonly Run s_run = new()
    {
        Id = "r1",
        ExperimentId = "1",
        Name = "first and last",
        Status = RunStatus.Finished,
        StartedAt = 5,
        Params = ImmutableSortedDictionary<string, string>.Empty.Add("leaves", "15"),
        Tags = ImmutableSortedDictionary<string, string>.Empty.Add("mlflow.user", "o'neill"),
        Metrics = [new("auc", 0.5, 1, 0), new("auc", 0.9, 2, 1)],
    };

    [Theory]
    [InlineData("", true)]
    [InlineData("  ", true)]
    [InlineData("metrics.auc > 0.8", true)]
    [InlineData("metrics.auc < 0.8", false)]
    [InlineData("metric.auc>=9e-1 AND params.leaves = '15'", true)]
    [InlineData("params.leaves != '15'", false)]
    [InlineData("params.`leaves` = \"15\"", true)]
    [InlineData("tags.mlflow.user = 'o''neill'", true)]
    [InlineData("tags.other = 'x'", false)]
    [InlineData("attributes.run_name LIKE 'first%' and status = 'FINISHED' and start_time = 5", true)]
    [InlineData("run_name LIKE 'FIRST%'", false)]
    [InlineData("run_name ILIKE 'FIRST%'", true)]
    [InlineData("run_name = 'first and last'", true)]
    [InlineData("end_time > 0", false)]
    [InlineData("attributes.run_id IN ('r0', 'r1')", true)]
    [InlineData("run_id in ('r0','r2',)", false)]
    [InlineData("run_id NOT IN ('r0', 'r1')", false)]
    [InlineData("run_id not  in (\"r0\") and metrics.auc IN (0.5, 0.90)", true)]
    [InlineData("tags.`mlflow.user` IN ('o''neill')", true)]
    [InlineData("tags.other NOT IN ('x')", false)]
    public void A_filter_is_fulfilled_or_not(string filter, bool expected) =>
        Assert.Equal(expected, MlflowFilter.Parse(filter).Holds(name => MlflowRunValues.Of(s_run, name)));

    [Fact]
    public void A_filter_of_very_many_comparisons_is_refused()
    {
        var error = Assert.Throws<RegistryException>(() => MlflowFilter.Parse(string.Join(" and ", Enumerable.Repeat("metrics.auc > 0", 101))));
        Assert.Contains("more than 100 comparisons", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_found_is_ordered_and_what_has_no_value_comes_last()
    {
        (string Name, object? Value)[] found = [("none", null), ("b", "b"), ("B", "B"), ("a", "a")];
        object? ValueOf((string Name, object? Value) each, string name) => name == "tags.x" ? each.Value : throw MlflowRequest.Wrong("no");
        Assert.Equal(["b", "a", "B", "none"], MlflowOrder.By(found, ["tag.`x` desc"], ValueOf).Select(each => each.Name));
        Assert.Throws<RegistryException>(() => MlflowOrder.By(found, ["tags.x down"], ValueOf));
        Assert.Throws<RegistryException>(() => MlflowOrder.By(found, ["tags.y"], ValueOf).ToList());
    }

    [Theory]
    [InlineData("metrics.auc", "is not understood")]
    [InlineData("metrics.auc > 0.8 or metrics.auc < 1", "is not understood")]
    [InlineData("metrics.auc > 0.8 and", "is not understood")]
    [InlineData("run_id IN 'r1'", "is not understood")]
    [InlineData("run_id IN ()", "is not understood")]
    [InlineData("run_id = ('r1')", "is not understood")]
    [InlineData("run_id IN ('r1'", "is not understood")]
    [InlineData("metrics.auc IN ('much')", "is compared with 'much', expected a number")]
    [InlineData("name = 'x' trailing", "is not understood")]
    [InlineData("datasets.name = 'x'", "'datasets' cannot be filtered by")]
    [InlineData("colour = 'x'", "runs cannot be filtered or ordered by 'colour'")]
    [InlineData("metrics.auc > 'much'", "is compared with 'much', expected a number")]
    public void What_is_not_understood_is_refused(string filter, string expected)
    {
        var fault = Assert.Throws<RegistryException>(() => MlflowFilter.Parse(filter).Holds(name => MlflowRunValues.Of(s_run, name)));
        Assert.Equal(RegistryFault.Invalid, fault.Fault);
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Runs_are_ordered_with_those_without_a_value_last()
    {
        var (low, none) = (s_run with { Id = "low", Metrics = [new("auc", 0.1, 0, 0)] }, s_run with { Id = "none", Metrics = [], StartedAt = 9 });
        string Order(params string[] by) => string.Join(' ', MlflowRunValues.Order([low, none, s_run], by).Select(run => run.Id));
        Assert.Equal("r1 low none", Order("metrics.auc DESC"));
        Assert.Equal("low r1 none", Order("metric.`auc`"));
        Assert.Equal("none low r1", Order("attributes.start_time DESC", "metrics.auc ASC"));
        Assert.Equal("none low r1", Order());
        Assert.Throws<RegistryException>(() => Order("metrics.auc SIDEWAYS"));
    }
}
