// Hot: one is borrowed per score.
using Microsoft.ML.OnnxRuntime;

namespace Streaming.Scoring.Models;

/// <summary>
/// The pinned input and output of calls in one thread at a time, bound to the session once for each number of rows that occurs:
/// a bound run allocates nothing, whereas the Run overloads that take names and values allocate over 200 bytes a call.
/// </summary>
internal sealed class ModelCall : IDisposable
{
    private readonly InferenceSession _session;
    private readonly ModelSignature _signature;
    private readonly RunOptions _options = new();
    private readonly float[] _input;
    private readonly float[] _output;
    private readonly Binding?[] _bindings;

    public ModelCall(InferenceSession session, ModelSignature signature, int maxRows)
    {
        _session = session;
        _signature = signature;
        _input = GC.AllocateArray<float>(maxRows * signature.Features, pinned: true);
        _output = GC.AllocateArray<float>(maxRows * signature.OutputWidth, pinned: true);
        _bindings = new Binding?[maxRows + 1];
    }

    public float Score(ReadOnlySpan<float> features)
    {
        features.CopyTo(_input);
        Run(1);
        return _output[_signature.OutputWidth - 1];
    }

    public void Score(ReadOnlySpan<float> rows, int count, Span<float> scores)
    {
        rows.CopyTo(_input);
        Run(count);
        var width = _signature.OutputWidth;
        for (var row = 0; row < count; row++)
        {
            scores[row] = _output[(row * width) + width - 1];
        }
    }

    public void Dispose()
    {
        foreach (var binding in _bindings)
        {
            binding?.Dispose();
        }

        _options.Dispose();
    }

    private void Run(int rows)
    {
        var binding = _bindings[rows] ??= new Binding(_session, _signature, _input, _output, rows);
        _session.RunWithBinding(_options, binding.Io);
    }

    private sealed class Binding : IDisposable
    {
        private readonly OrtValue _input;
        private readonly OrtValue _output;

        public Binding(InferenceSession session, ModelSignature signature, float[] input, float[] output, int rows)
        {
            var memory = OrtMemoryInfo.DefaultInstance;
            _input = OrtValue.CreateTensorValueFromMemory(memory, input.AsMemory(0, rows * signature.Features), [rows, signature.Features]);
            _output = OrtValue.CreateTensorValueFromMemory(
                memory, output.AsMemory(0, rows * signature.OutputWidth), [rows, signature.OutputWidth]);
            Io = session.CreateIoBinding();
            Io.BindInput(signature.Input, _input);
            Io.BindOutput(signature.Output, _output);
        }

        public OrtIoBinding Io { get; }

        public void Dispose()
        {
            Io.Dispose();
            _input.Dispose();
            _output.Dispose();
        }
    }
}
