using System.Collections.Immutable;
using Streaming.Hocon;

namespace Streaming.Scoring.Models;

/// <summary>Checks a model's feature names against those that it will get: a wrong order would score without an error.</summary>
internal static class FeatureNames
{
    /// <summary>For a file with one input whose definition does not say what goes into it: the whole vector of the service.</summary>
    public static void Check(string path, ModelMetadata metadata, int inputColumns, ImmutableArray<string> expected)
    {
        var own = metadata.Features;
        if (!own.IsEmpty && own.Length != inputColumns)
        {
            throw new ModelException(
                $"model {path}: its metadata names {Counted.Of(own.Length, "feature")} but its input has " +
                $"{Counted.Of(inputColumns, "column")}; export it again");
        }

        if (expected.IsDefaultOrEmpty)
        {
            return;
        }

        if (own.IsEmpty && expected.Length != inputColumns)
        {
            throw new ModelException(
                $"model {path}: its input has {Counted.Of(inputColumns, "column")}, the feature service has " +
                $"{Counted.Of(expected.Length, "feature")}; " +
                "name the feature service that the model was trained for, or say in its definition which features it takes: " +
                "inputs { NAME = [FEATURE, ...] }");
        }

        CheckOrder(path, metadata, expected);
    }

    /// <summary>That the file's own names, where it has them, are those that it will get.</summary>
    public static void CheckOrder(string path, ModelMetadata metadata, ImmutableArray<string> expected)
    {
        var own = metadata.Features;
        if (!own.IsEmpty && !own.SequenceEqual(expected))
        {
            throw new ModelException(Difference(path, metadata, expected));
        }
    }

    private static string Difference(string path, ModelMetadata metadata, ImmutableArray<string> expected)
    {
        var own = metadata.Features;
        var at = 0;
        while (at < own.Length && at < expected.Length && own[at] == expected[at])
        {
            at++;
        }

        var service = metadata.FeatureService.Length == 0 ? "" : $" (trained for feature service '{metadata.FeatureService}')";
        return $"model {path}{service} reads other features than the service has: feature {at + 1} is {Name(own, at)} in the model " +
            $"and {Name(expected, at)} in the feature service ({own.Length} and {expected.Length} in all); " +
            "make the lists equal, or train the model again";
    }

    private static string Name(ImmutableArray<string> names, int at) => at < names.Length ? $"'{names[at]}'" : "missing";
}
