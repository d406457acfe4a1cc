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
        private readonly BatchSourceStage _stage;
        private readonly IPartitionReader _reader;
        private readonly int _recordsMax;
        private Action<RecordBatch>? _read;
        private Action<Exception>? _failed;

        public Logic(BatchSourceStage stage, IPartitionReader reader, int recordsMax)
            : base(stage.Shape)
        {
            _stage = stage;
            _reader = reader;
            _recordsMax = recordsMax;
            SetHandler(stage.Out, this);
        }

        public override void PreStart()
        {
            _read = GetAsyncCallback<RecordBatch>(batch => Push(_stage.Out, batch));
            _failed = GetAsyncCallback<Exception>(FailStage);
        }

        public override void OnPull() => _ = ReadAsync();

        /// <summary>Disposing ends a read that waits; what it then reports, the stopped stage ignores.</summary>
        public override void PostStop() => _ = _reader.DisposeAsync().AsTask();

        private async Task ReadAsync()
        {
            try
            {
                _read!(await _reader.ReadAsync(_recordsMax, CancellationToken.None));
            }
            catch (Exception e)
            {
                _failed!(e);
            }
        }
    }
}
