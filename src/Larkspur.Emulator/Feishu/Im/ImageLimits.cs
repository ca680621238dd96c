namespace Larkspur.Emulator.Feishu.Im;

/// <summary>How large an uploaded image may be: in bytes, and in pixels of its longer side.</summary>
internal static class ImageLimits
{
    public const int MostBytes = 10 << 20;
    public const int MostPixels = 12_000;
    public const int MostGifPixels = 2_000;
    public const int MostAvatarPixels = 4_096;
}
