// Hot: scores are computed here.
using System.Collections.Immutable;
using Microsoft.ML.OnnxRuntime;
using Streaming.Hocon;
using Streaming.Scoring.Models.Graphs;
using Streaming.Scoring.Models.Signatures;

namespace Streaming.Scoring.Models;

/// <summary>
/// A model file, loaded once and shared: one session, one thread a call, no spinning; calls allocate nothing once each has happened
/// before. A run that takes longer than ten seconds is stopped and fails.
/// Inputs are tensors of [rows, columns] or [rows], float, double, int64 or int32; the score is a column of a float or double
/// output, of two columns the last unless the mapping says otherwise. Thread-safe; a call that is running when the model is disposed
/// still succeeds.
/// </summary>
public sealed class OnnxModel : IDisposable
{
    /// <summary>The most rows that one run of the session takes; larger calls are split.</summary>
    public const int MaxRowsPerRun = 256;

    private readonly InferenceSession _session;
    private readonly ModelSignature _signature;
    private readonly ModelCallPool _calls;
    private readonly RunWatch _watch;
    private int _disposed;
    private int _users = 1;

    private OnnxModel(
        OnnxFile file, InferenceSession session, RunWatch watch, string path, ImmutableArray<string> expected, ModelMapping mapping)
    {
        Path = path;
        (_session, _watch) = (session, watch);
        Metadata = ModelMetadata.From(path, session.ModelMetadata.CustomMetadataMap);
        var (inputs, features, isSingleRow) = new InputResolver(path, Metadata, expected, mapping).Resolve(session);
        var output = OutputResolver.Resolve(path, new(file, session, watch), inputs, isSingleRow, mapping.Output);
        _signature = new(inputs, output, features, isSingleRow ? 1 : MaxRowsPerRun);
        _calls = new ModelCallPool(session, _signature, watch);
    }

    /// <summary>The file that it came from.</summary>
    public string Path { get; }

    /// <summary>The file's metadata.</summary>
    public ModelMetadata Metadata { get; }

    internal ModelSignature Signature => _signature;

    /// <summary>How many numbers a row has.</summary>
    public int FeatureCount => _signature.Features;

    /// <summary>Loads a model file.</summary>
    /// <param name="path">An ONNX file.</param>
    /// <param name="expectedFeatures">
    /// The names, in order, that the feature service yields. They must equal those in the file's metadata; a file without
    /// metadata must have as many inputs. Empty: whatever the file has.
    /// </param>
    /// <param name="mapping">What goes into its inputs, and where its score is; null where the file leaves no choice.</param>
    /// <exception cref="ModelException">The file is unreadable, cannot be served, or was made for other features.</exception>
    public static OnnxModel Load(string path, ImmutableArray<string> expectedFeatures = default, ModelMapping? mapping = null) =>
        Load(path, expectedFeatures, mapping, RunWatch.Standard);

    /// <summary>As <see cref="Load(string, ImmutableArray{string}, ModelMapping?)"/>, with another limit for a run.</summary>
    internal static OnnxModel Load(string path, ImmutableArray<string> expectedFeatures, ModelMapping? mapping, TimeSpan runLimit)
    {
        InferenceSession? session = null;
        RunWatch? watch = new(path, runLimit);
        try
        {
            var file = OnnxFile.Read(path);
            session = OpenSession(path, file);
            var model = new OnnxModel(file, session, watch, path, expectedFeatures, mapping ?? ModelMapping.None);
            (session, watch) = (null, null);
            return model;
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelException(
                $"model {path}: ONNX Runtime does not load it ({e.Message}); check that the file is whole, or export it again", e);
        }
        finally
        {
            session?.Dispose();
            watch?.Dispose();
        }
    }

    /// <summary>The score of one row.</summary>
    /// <param name="features"><see cref="FeatureCount"/> numbers; NaN is a missing value.</param>
    public float Score(ReadOnlySpan<float> features)
    {
        if (features.Length != FeatureCount)
        {
            ThrowLength(features.Length, 1);
        }

        Enter();
        try
        {
            var call = _calls.Rent();
            try
            {
                return call.Score(features);
            }
            finally
            {
                _calls.Return(call);
            }
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>The scores of many rows.</summary>
    /// <param name="rows">Row after row, <paramref name="count"/> times <see cref="FeatureCount"/> numbers.</param>
    /// <param name="count">How many rows.</param>
    /// <param name="scores">Receives a score a row.</param>
    public void Score(ReadOnlySpan<float> rows, int count, Span<float> scores)
    {
        if (rows.Length != (long)count * FeatureCount)
        {
            ThrowLength(rows.Length, count);
        }

        Enter();
        try
        {
            var call = _calls.Rent();
            try
            {
                Score(call, rows, count, scores);
            }
            finally
            {
                _calls.Return(call);
            }
        }
        finally
        {
            Leave();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            Leave();
        }
    }

    private void Score(ModelCall call, ReadOnlySpan<float> rows, int count, Span<float> scores)
    {
        for (var first = 0; first < count; first += _signature.MaxRows)
        {
            var run = Math.Min(_signature.MaxRows, count - first);
            call.Score(rows.Slice(first * FeatureCount, run * FeatureCount), run, scores.Slice(first, run));
        }
    }

    private static InferenceSession OpenSession(string path, OnnxFile file)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
        };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        options.AddSessionConfigEntry("session.inter_op.allow_spinning", "0");
        if (file.Cut.IsEmpty)
        {
            return new InferenceSession(path, options);
        }

        // Weights may lie in files beside it, which bytes alone do not lead to.
        var directory = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
        options.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", directory);
        return new InferenceSession(file.Bytes, options);
    }

    private void ThrowLength(int length, int count) => throw new ArgumentException(
        $"model {Path}: {Counted.Of(count, "row")} of {Counted.Of(FeatureCount, "feature")} are " +
        $"{(long)count * FeatureCount} numbers; got {length}");

    /// <summary>Counts a call, unless the model is disposed and unused.</summary>
    private void Enter()
    {
        var users = Volatile.Read(ref _users);
        while (true)
        {
            ObjectDisposedException.ThrowIf(users == 0, this);
            var seen = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (seen == users)
            {
                return;
            }

            users = seen;
        }
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            _calls.Dispose();
            _watch.Dispose();
            _session.Dispose();
        }
    }
}
