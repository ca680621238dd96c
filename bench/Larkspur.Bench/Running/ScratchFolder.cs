namespace Larkspur.Bench.Running;

/// <summary>A folder on the real disk that is gone afterwards.</summary>
internal sealed class ScratchFolder : IDisposable
{
    public string Path { get; } = Directory.CreateDirectory(System.IO.Path.Combine(Repository.Scratch, System.IO.Path.GetRandomFileName())).FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
