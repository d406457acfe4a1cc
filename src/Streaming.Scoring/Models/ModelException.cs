namespace Streaming.Scoring.Models;

/// <summary>
/// A model file cannot serve: unreadable, of another shape, or made for other features. Fix the file or the configuration; trying again
/// does not help.
/// </summary>
public sealed class ModelException : Exception
{
    /// <summary>What is wrong, in which file, and how to correct it.</summary>
    public ModelException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
