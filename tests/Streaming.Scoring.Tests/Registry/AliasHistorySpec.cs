using Streaming.Scoring.Registry;

namespace Streaming.Scoring.Tests.Registry;

public sealed class AliasHistorySpec
{
    [Theory]
    [InlineData("1", 0)]
    [InlineData("1 2", 1)]
    [InlineData("1 2 3", 2)]
    [InlineData("1 2 3 back", 1)]
    [InlineData("1 2 3 back back", 0)]
    [InlineData("1 2 back 3", 1)]
    [InlineData("1 2 1", 2)]
    [InlineData("1 2 1 back", 1)]
    [InlineData("1 2 3 back 4 back", 1)]
    public void A_rollback_goes_to_what_was_before_and_the_next_one_further_back(string moves, int expected) =>
        Assert.Equal(expected, AliasHistory.PreviousOf(Play(moves), RegisteredModel.Champion));

    [Fact]
    public void An_archived_version_is_passed_over()
    {
        var model = Play("1 2 3");
        var archived = model.Versions[1] with { Tags = model.Versions[1].Tags.SetItem(VersionTags.Archived, "x") };
        Assert.Equal(1, AliasHistory.PreviousOf(model with { Versions = model.Versions.SetItem(1, archived) }, RegisteredModel.Champion));
    }

    [Fact]
    public void Another_alias_has_a_history_of_its_own() => Assert.Equal(0, AliasHistory.PreviousOf(Play("1 2"), RegisteredModel.Challenger));

    private static RegisteredModel Play(string moves)
    {
        var model = new RegisteredModel { Name = "fraud", Versions = [.. Enumerable.Range(1, 4).Select(number => new ModelVersion { Version = number })] };
        foreach (var word in moves.Split(' '))
        {
            var isBack = word == "back";
            var version = isBack ? AliasHistory.PreviousOf(model, RegisteredModel.Champion) : int.Parse(word, System.Globalization.CultureInfo.InvariantCulture);
            model = ModelAliases.Apply(model, new(RegisteredModel.Champion, version, model.Aliases.GetValueOrDefault(RegisteredModel.Champion), "ada", 0, isBack));
        }

        return model;
    }
}
