namespace Larkspur.Cli.Uploads;

/// <summary>What an upload is for.</summary>
internal enum UploadKind
{
    Image,
    File,
    Audio,
    Video,
}
