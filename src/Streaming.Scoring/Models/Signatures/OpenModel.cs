using Microsoft.ML.OnnxRuntime;
using Streaming.Scoring.Models.Graphs;

namespace Streaming.Scoring.Models.Signatures;

/// <summary>A file that is looked at to see what it takes and gives.</summary>
/// <param name="File">The file.</param>
/// <param name="Session">Its session.</param>
/// <param name="Watch">Stops runs that do not end.</param>
internal readonly record struct OpenModel(OnnxFile File, InferenceSession Session, RunWatch Watch);
