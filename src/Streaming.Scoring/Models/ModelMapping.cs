using System.Collections.Immutable;
using Streaming.Hocon;

namespace Streaming.Scoring.Models;

/// <summary>
/// How a model file from elsewhere is fed and read, as <c>inputs</c> and <c>output</c> of its definition declare it. What is not
/// declared follows from the file where only one way is possible.
/// </summary>
/// <param name="Inputs">One for each input of the file; empty for none declared.</param>
/// <param name="Output">Which number of the file's outputs is the score; null where that is not declared.</param>
public sealed record ModelMapping(ImmutableArray<InputMapping> Inputs, OutputMapping? Output)
{
    /// <summary>Nothing is declared.</summary>
    public static ModelMapping None { get; } = new([], null);
}

/// <summary>The features that one input of a model file takes.</summary>
/// <param name="Input">The input's name in the file.</param>
/// <param name="Position">Where that is declared.</param>
/// <param name="Features">Features of the service, in the order of the input's columns.</param>
public sealed record InputMapping(string Input, SourcePosition Position, ImmutableArray<string> Features);

/// <summary>Where a model file's score is.</summary>
/// <param name="Position">Where that is declared.</param>
/// <param name="Name">The output's name in the file; null where there is only one that can be meant.</param>
/// <param name="Column">The column of the output, from 0; null where <paramref name="Class"/> says it or there is no choice.</param>
/// <param name="Class">The class whose probability it is, as the file names it.</param>
public sealed record OutputMapping(SourcePosition Position, string? Name, int? Column, string? Class);
