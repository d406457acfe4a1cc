// Hot: one read per element.
using Akka.Streams;
using Akka.Streams.Stage;

namespace Streaming.Log.Streams;

/// <summary>Reads a partition, one read at a time, each when it is pulled.</summary>
internal sealed class BatchSourceStage(IEventLog log, TopicPartition partition, long fromOffset, int recordsMax) : GraphStage<SourceShape<RecordBatch>>
{
    private Outlet<RecordBatch> Out { get; } = new("EventLogSource.out");

    public override SourceShape<RecordBatch> Shape => new(Out);

    protected override GraphStageLogic CreateLogic(Akka.Streams.Attributes inheritedAttributes) => new Logic(this, log.Read(partition, fromOffset), recordsMax);

    private sealed class Logic : OutGraphStageLogic
    {
        private readonly BatchSourceStage stage;
        private readonly IPartitionReader reader;
        private readonly int recordsMax;
        private Action<RecordBatch>? read;
        private Action<Exception>? failed;

        public Logic(BatchSourceStage stage, IPartitionReader reader, int recordsMax)
            : base(stage.Shape)
        {
            this.stage = stage;
            this.reader = reader;
            this.recordsMax = recordsMax;
            SetHandler(stage.Out, this);
        }

        public override void PreStart()
        {
            read = GetAsyncCallback<RecordBatch>(batch => Push(stage.Out, batch));
            failed = GetAsyncCallback<Exception>(FailStage);
        }

        public override void OnPull() => _ = ReadAsync();

        /// <summary>Disposing ends a read that waits; what it then reports, the stopped stage ignores.</summary>
        public override void PostStop() => _ = reader.DisposeAsync().AsTask();

        private async Task ReadAsync()
        {
            try
            {
                read!(await reader.ReadAsync(recordsMax, CancellationToken.None));
            }
            catch (Exception e)
            {
                failed!(e);
            }
        }
    }
}
