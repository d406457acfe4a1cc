namespace Streaming.Offline.Lake;

/// <summary>A data file of a topic.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Day">The folder's day, <c>2026-11-30</c>.</param>
/// <param name="Name">Its records.</param>
/// <param name="Bytes">Its size.</param>
internal sealed record LakeFile(string Path, string Day, LakeFileName Name, long Bytes);
