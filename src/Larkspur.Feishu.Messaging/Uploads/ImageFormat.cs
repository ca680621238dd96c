namespace Larkspur.Feishu.Messaging;

/// <summary>Image formats that the platform takes.</summary>
public enum ImageFormat
{
    /// <summary>JPG, JPEG.</summary>
    Jpeg,

    /// <summary>PNG.</summary>
    Png,

    /// <summary>WEBP.</summary>
    Webp,

    /// <summary>GIF.</summary>
    Gif,

    /// <summary>BMP.</summary>
    Bmp,

    /// <summary>ICO.</summary>
    Ico,

    /// <summary>TIFF.</summary>
    Tiff,

    /// <summary>HEIC.</summary>
    Heic,
}
