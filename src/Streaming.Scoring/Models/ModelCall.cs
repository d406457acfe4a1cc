// Hot: one is borrowed per score.
using Microsoft.ML.OnnxRuntime;
using Streaming.Scoring.Models.Signatures;

namespace Streaming.Scoring.Models;

/// <summary>
/// The pinned inputs and output of calls in one thread at a time, bound to the session once for each number of rows that occurs:
/// a bound run allocates nothing, whereas the Run overloads that take names and values allocate over 200 bytes a call.
/// </summary>
internal sealed class ModelCall : IDisposable
{
    private readonly InferenceSession _session;
    private readonly WatchedRun _run;
    private readonly InputBuffer[] _inputs;
    private readonly OutputBuffer _output;
    private readonly string _outputName;
    private readonly Binding?[] _bindings;

    public ModelCall(InferenceSession session, ModelSignature signature, RunWatch watch)
    {
        (_session, _run) = (session, watch.Add());
        _inputs = [.. signature.Inputs.Select(input => InputBuffer.Of(input, signature.Features, signature.MaxRows))];
        _output = OutputBuffer.Of(signature.Output, signature.MaxRows);
        _outputName = signature.Output.Name;
        _bindings = new Binding?[signature.MaxRows + 1];
    }

    public float Score(ReadOnlySpan<float> features)
    {
        Run(features, 1);
        return _output.Score(0);
    }

    public void Score(ReadOnlySpan<float> rows, int count, Span<float> scores)
    {
        Run(rows, count);
        for (var row = 0; row < count; row++)
        {
            scores[row] = _output.Score(row);
        }
    }

    public void Dispose()
    {
        foreach (var binding in _bindings)
        {
            binding?.Dispose();
        }

        _run.Dispose();
    }

    private void Run(ReadOnlySpan<float> rows, int count)
    {
        foreach (var input in _inputs)
        {
            input.Fill(rows, count);
        }

        var binding = _bindings[count] ??= new Binding(this, count);
        var begun = _run.Begin();
        try
        {
            _session.RunWithBinding(_run.Options, binding.Io);
        }
        catch (OnnxRuntimeException e)
        {
            _run.ThrowIfStopped(e);
            throw;
        }
        finally
        {
            _run.End(begun);
        }
    }

    private sealed class Binding : IDisposable
    {
        private readonly OrtValue[] _tensors;

        public Binding(ModelCall call, int rows)
        {
            Io = call._session.CreateIoBinding();
            var inputs = call._inputs;
            var output = call._output.Tensor(rows);
            _tensors = [.. inputs.Select(input => input.Tensor(rows)), output];
            for (var i = 0; i < inputs.Length; i++)
            {
                Io.BindInput(inputs[i].Input.Name, _tensors[i]);
            }

            Io.BindOutput(call._outputName, output);
        }

        public OrtIoBinding Io { get; }

        public void Dispose()
        {
            Io.Dispose();
            Array.ForEach(_tensors, tensor => tensor.Dispose());
        }
    }
}
