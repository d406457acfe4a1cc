namespace Streaming.Offline.Lake;

/// <summary>Every step by which the lake's files change; a test lets one of them fail.</summary>
internal interface ILakeFiles
{
    /// <summary>Makes a folder, and those above it.</summary>
    void CreateFolder(string path);

    /// <summary>Writes a whole file, durably.</summary>
    void Write(string path, string text);

    /// <summary>Moves a file within the file system; one that is there is replaced.</summary>
    void Move(string from, string to);

    /// <summary>Gives a file a second name.</summary>
    void Link(string file, string name);

    /// <summary>Lets two folders change their names in one step: whoever lists one sees all of the one or all of the other.</summary>
    void Exchange(string one, string other);

    /// <summary>Makes a file's bytes, or the names in a folder, durable.</summary>
    void Sync(string path);

    /// <summary>Deletes a file if it is there.</summary>
    void Delete(string path);

    /// <summary>Deletes a folder and what is in it, if it is there.</summary>
    void DeleteFolder(string path);
}
