using System.Collections.Immutable;
using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Streams.Stage;

namespace Streaming.Log.Streams;

/// <summary>Emits a source for each partition once it knows where they start; stopping it stops them.</summary>
internal sealed class PartitionedSourceStage<T>(
    Func<Task<ImmutableArray<(TopicPartition Partition, long Offset)>>> starts, Func<TopicPartition, long, Source<T, NotUsed>> open)
    : GraphStageWithMaterializedValue<SourceShape<(TopicPartition Partition, Source<T, NotUsed> Messages)>, IControl>
{
    private Outlet<(TopicPartition Partition, Source<T, NotUsed> Messages)> Out { get; } = new("PartitionedSource.out");

    public override SourceShape<(TopicPartition Partition, Source<T, NotUsed> Messages)> Shape => new(Out);

    public override ILogicAndMaterializedValue<IControl> CreateLogicAndMaterializedValue(Akka.Streams.Attributes inheritedAttributes)
    {
        var logic = new Logic(this, starts, open);
        return new LogicAndMaterializedValue<IControl>(logic, logic.Control);
    }

    private sealed class Logic : GraphStageLogic
    {
        private readonly PartitionedSourceStage<T> _stage;
        private readonly Func<Task<ImmutableArray<(TopicPartition Partition, long Offset)>>> _starts;
        private readonly SharedKillSwitch _kill = KillSwitches.Shared("partitions");
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Action<ImmutableArray<(TopicPartition Partition, long Offset)>>? _found;
        private Action<Exception>? _failed;
        private Action? _stop;
        private volatile bool _stopRequested;

        public Logic(
            PartitionedSourceStage<T> stage,
            Func<Task<ImmutableArray<(TopicPartition Partition, long Offset)>>> starts,
            Func<TopicPartition, long, Source<T, NotUsed>> open)
            : base(stage.Shape)
        {
            _stage = stage;
            _starts = starts;
            Control = new SourceControl(new Switch(this), _ended.Task);
            SetHandler(stage.Out, onPull: static () => { });
            _found = partitions => EmitMultiple(stage.Out, partitions.Select(start => (start.Partition, open(start.Partition, start.Offset).Via(_kill.Flow<T>()))));
        }

        public IControl Control { get; }

        public override void PreStart()
        {
            _found = GetAsyncCallback(_found!);
            _failed = GetAsyncCallback<Exception>(FailStage);
            Volatile.Write(ref _stop, GetAsyncCallback(CompleteStage));
            if (_stopRequested)
            {
                CompleteStage();
                return;
            }

            _ = FindAsync();
        }

        public override void PostStop()
        {
            _kill.Shutdown();
            _ended.SetResult();
        }

        private async Task FindAsync()
        {
            try
            {
                _found!(await _starts());
            }
            catch (Exception e)
            {
                _failed!(e);
            }
        }

        private void Stop()
        {
            // Before the stage starts there is nothing to call; it looks at the flag when it does.
            _stopRequested = true;
            _kill.Shutdown();
            Volatile.Read(ref _stop)?.Invoke();
        }

        private sealed class Switch(Logic logic) : IKillSwitch
        {
            public void Shutdown() => logic.Stop();

            public void Abort(Exception cause) => logic._kill.Abort(cause);
        }
    }
}
