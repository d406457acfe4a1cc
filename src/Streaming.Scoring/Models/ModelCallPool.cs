// Hot: borrowed from and returned to once per score.
using Microsoft.ML.OnnxRuntime;
using Streaming.Scoring.Models.Signatures;

namespace Streaming.Scoring.Models;

/// <summary>
/// Keeps up to a fixed number of calls for reuse. A thread looks first where its processor last left one. More concurrent calls than
/// there are slots get a call of their own, which is thrown away afterwards.
/// </summary>
internal sealed class ModelCallPool : IDisposable
{
    private readonly InferenceSession _session;
    private readonly ModelSignature _signature;
    private readonly RunWatch _watch;
    private readonly ModelCall?[] _slots = new ModelCall?[Math.Max(4, 2 * Environment.ProcessorCount)];

    public ModelCallPool(InferenceSession session, ModelSignature signature, RunWatch watch)
    {
        _session = session;
        _signature = signature;
        _watch = watch;
    }

    public ModelCall Rent()
    {
        var slots = _slots;
        var first = (int)((uint)Thread.GetCurrentProcessorId() % (uint)slots.Length);
        for (var i = 0; i < slots.Length; i++)
        {
            ref var slot = ref slots[(first + i) % slots.Length];
            if (slot is not null && Interlocked.Exchange(ref slot, null) is { } call)
            {
                return call;
            }
        }

        return new ModelCall(_session, _signature, _watch);
    }

    public void Return(ModelCall call)
    {
        var slots = _slots;
        var first = (int)((uint)Thread.GetCurrentProcessorId() % (uint)slots.Length);
        for (var i = 0; i < slots.Length; i++)
        {
            ref var slot = ref slots[(first + i) % slots.Length];
            if (slot is null && Interlocked.CompareExchange(ref slot, call, null) is null)
            {
                return;
            }
        }

        call.Dispose();
    }

    public void Dispose()
    {
        foreach (ref var slot in _slots.AsSpan())
        {
            Interlocked.Exchange(ref slot, null)?.Dispose();
        }
    }
}
