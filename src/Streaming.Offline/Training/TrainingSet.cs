using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Streaming.Offline.Training;

/// <summary>
/// Rows to learn from: what the model will be given, in its order, and what it should have said. The arrays are not copied.
/// </summary>
public sealed class TrainingSet
{
    /// <param name="featureNames">The columns' names, in the order of the feature service.</param>
    /// <param name="features">Row after row; NaN is a missing value.</param>
    /// <param name="labels">1 (fraud) or 0 a row.</param>
    /// <param name="timesMillis">Each row's event time, milliseconds since the epoch.</param>
    /// <param name="cards">Each row's card, as any number that tells cards apart; empty where card precision is not wanted.</param>
    public TrainingSet(ImmutableArray<string> featureNames, float[] features, float[] labels, long[] timesMillis, long[]? cards = null)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(timesMillis);
        ArgumentOutOfRangeException.ThrowIfZero(featureNames.Length);
        if (features.LongLength != (long)labels.Length * featureNames.Length
            || timesMillis.Length != labels.Length || (cards is { Length: > 0 } && cards.Length != labels.Length))
        {
            throw new ArgumentException(
                $"a training set of {labels.Length} labels and {featureNames.Length} features needs " +
                $"{(long)labels.Length * featureNames.Length} numbers, " +
                $"{labels.Length} times and as many cards or none; got {features.Length}, {timesMillis.Length} and {cards?.Length ?? 0}");
        }

        FeatureNames = featureNames;
        Features = features;
        Labels = labels;
        TimesMillis = timesMillis;
        Cards = cards ?? [];
    }

    /// <summary>The columns' names.</summary>
    public ImmutableArray<string> FeatureNames { get; }

    /// <summary>Row-major: row r, column c is at r * <see cref="Columns"/> + c.</summary>
    public float[] Features { get; }

    /// <summary>1 or 0.</summary>
    public float[] Labels { get; }

    /// <summary>Event times.</summary>
    public long[] TimesMillis { get; }

    /// <summary>Cards, or empty.</summary>
    public long[] Cards { get; }

    /// <summary>How many rows.</summary>
    public int Rows => Labels.Length;

    /// <summary>How many features.</summary>
    public int Columns => FeatureNames.Length;

    /// <summary>One row's features.</summary>
    public ReadOnlySpan<float> Row(int row) => Features.AsSpan(row * Columns, Columns);

    /// <summary>A set of some of the rows, in the order given; this one copies.</summary>
    public TrainingSet Select(ReadOnlySpan<int> rows)
    {
        var features = new float[rows.Length * Columns];
        var labels = new float[rows.Length];
        var times = new long[rows.Length];
        var cards = Cards.Length == 0 ? [] : new long[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            Row(rows[i]).CopyTo(features.AsSpan(i * Columns));
            labels[i] = Labels[rows[i]];
            times[i] = TimesMillis[rows[i]];
            if (cards.Length > 0)
            {
                cards[i] = Cards[rows[i]];
            }
        }

        return new(FeatureNames, features, labels, times, cards);
    }

    /// <summary>A set of all rows with some of the features, in the order given; this one copies.</summary>
    public TrainingSet WithFeatures(ImmutableArray<string> names)
    {
        var columns = names.Select(name => FeatureNames.IndexOf(name)).ToArray();
        var features = new float[Rows * columns.Length];
        for (var i = 0; i < features.Length; i++)
        {
            features[i] = Features[(i / columns.Length * Columns) + columns[i % columns.Length]];
        }

        return new(names, features, Labels, TimesMillis, Cards);
    }

    /// <summary>The same rows, not copied, with features of other names.</summary>
    internal TrainingSet Named(ImmutableArray<string> names) => new(names, Features, Labels, TimesMillis, Cards);

    /// <summary>
    /// SHA-256 over names, features, labels and times, as <c>sha256:</c> and 64 hexadecimal digits: two models with the same fingerprint
    /// saw the same rows in the same order.
    /// </summary>
    public string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> sizes = stackalloc byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(sizes, Rows);
        BinaryPrimitives.WriteInt32LittleEndian(sizes[4..], Columns);
        hash.AppendData(sizes);
        foreach (var name in FeatureNames)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(name + "\n"));
        }

        hash.AppendData(MemoryMarshal.AsBytes(Features.AsSpan()));
        hash.AppendData(MemoryMarshal.AsBytes(Labels.AsSpan()));
        hash.AppendData(MemoryMarshal.AsBytes(TimesMillis.AsSpan()));
        return string.Create(CultureInfo.InvariantCulture, $"sha256:{Convert.ToHexStringLower(hash.GetHashAndReset())}");
    }
}
