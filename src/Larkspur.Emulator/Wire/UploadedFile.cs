namespace Larkspur.Emulator.Wire;

/// <summary>A file part of a multipart body.</summary>
/// <param name="FileName"><see langword="null"/>: it names none.</param>
public sealed record UploadedFile(string? FileName, string ContentType, byte[] Bytes)
{
    internal string Describe() => $"{FileName ?? "no filename"}, {Bytes.Length} bytes";
}
