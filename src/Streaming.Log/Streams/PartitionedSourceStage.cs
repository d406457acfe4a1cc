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
        private readonly PartitionedSourceStage<T> stage;
        private readonly Func<Task<ImmutableArray<(TopicPartition Partition, long Offset)>>> starts;
        private readonly SharedKillSwitch kill = KillSwitches.Shared("partitions");
        private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Action<ImmutableArray<(TopicPartition Partition, long Offset)>>? found;
        private Action<Exception>? failed;
        private Action? stop;
        private volatile bool stopRequested;

        public Logic(
            PartitionedSourceStage<T> stage,
            Func<Task<ImmutableArray<(TopicPartition Partition, long Offset)>>> starts,
            Func<TopicPartition, long, Source<T, NotUsed>> open)
            : base(stage.Shape)
        {
            this.stage = stage;
            this.starts = starts;
            Control = new SourceControl(new Switch(this), ended.Task);
            SetHandler(stage.Out, onPull: static () => { });
            found = partitions => EmitMultiple(stage.Out, partitions.Select(start => (start.Partition, open(start.Partition, start.Offset).Via(kill.Flow<T>()))));
        }

        public IControl Control { get; }

        public override void PreStart()
        {
            found = GetAsyncCallback(found!);
            failed = GetAsyncCallback<Exception>(FailStage);
            Volatile.Write(ref stop, GetAsyncCallback(CompleteStage));
            if (stopRequested)
            {
                CompleteStage();
                return;
            }

            _ = FindAsync();
        }

        public override void PostStop()
        {
            kill.Shutdown();
            ended.SetResult();
        }

        private async Task FindAsync()
        {
            try
            {
                found!(await starts());
            }
            catch (Exception e)
            {
                failed!(e);
            }
        }

        private void Stop()
        {
            // Before the stage starts there is nothing to call; it looks at the flag when it does.
            stopRequested = true;
            kill.Shutdown();
            Volatile.Read(ref stop)?.Invoke();
        }

        private sealed class Switch(Logic logic) : IKillSwitch
        {
            public void Shutdown() => logic.Stop();

            public void Abort(Exception cause) => logic.kill.Abort(cause);
        }
    }
}
