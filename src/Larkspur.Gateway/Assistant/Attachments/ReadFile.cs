using Larkspur.Gateway.Common.Files;
using Larkspur.Gateway.Conversations;

namespace Larkspur.Gateway.Assistant.Attachments;

/// <summary>A file of a question, read to its end into a temporary file that goes with it: backends are asked one after another, and each reads it from the first byte on.</summary>
internal sealed class ReadFile : IAsyncDisposable
{
    private ReadFile(FileStream content, MediaType type, string? name) => (Content, Type, Name) = (content, type, name);

    public FileStream Content { get; }

    /// <summary>As its bytes show.</summary>
    public MediaType Type { get; }

    /// <summary>As it is called; null: it is not.</summary>
    public string? Name { get; }

    /// <param name="read">Copies the bytes.</param>
    /// <param name="name">As the message calls it; null: it does not.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="AttachmentException">It cannot be read.</exception>
    public static async Task<ReadFile> ReadAsync(Func<Stream, Task<AttachmentFacts>> read, string? name, CancellationToken cancellation)
    {
        var content = NamelessFile.Create();
        try
        {
            var facts = await read(content);
            if (content.Length == 0) throw new AttachmentException(AttachmentTrouble.Gone, "The file is empty.");
            var head = new byte[Math.Min(MediaTypes.Head, content.Length)];
            content.Position = 0;
            await content.ReadExactlyAsync(head, cancellation);
            content.Position = 0;
            var called = name ?? facts.Name;
            return new ReadFile(content, MediaTypes.Of(head, called), called);
        }
        catch
        {
            await content.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => Content.DisposeAsync();
}
