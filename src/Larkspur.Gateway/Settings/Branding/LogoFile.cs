using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using System.Xml;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Settings.Branding;

/// <summary>The company's mark: a picture that nothing can come of but a picture.</summary>
/// <param name="Bytes">As the file has them.</param>
/// <param name="ContentType"><c>image/png</c> or <c>image/svg+xml</c>.</param>
/// <param name="Tag">Changes with the bytes.</param>
internal sealed partial record LogoFile(ReadOnlyMemory<byte> Bytes, string ContentType, string Tag)
{
    /// <summary>Bytes of a file.</summary>
    public const int Largest = 256 << 10;

    /// <summary>Pixels of a side.</summary>
    private const int LongestSide = 2048;

    private static readonly HashSet<string> Elements = new(StringComparer.Ordinal)
    {
        "svg", "g", "defs", "title", "desc", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "linearGradient",
        "radialGradient", "stop", "clipPath", "mask", "use", "symbol", "text", "tspan",
    };

    /// <summary>A file may have this name.</summary>
    public static bool IsName(string name) => NameForm().IsMatch(name);

    /// <summary>Reads a file of the folder of logos.</summary>
    /// <param name="folder">The folder; it need not exist.</param>
    /// <param name="name">The file's name alone.</param>
    /// <param name="problem">What is wrong with it; null: nothing.</param>
    /// <returns>Null: see <paramref name="problem"/>.</returns>
    public static LogoFile? Read(string folder, string name, out LocalText? problem)
    {
        problem = null;
        if (!IsName(name))
        {
            problem = BrandTexts.LogoName;
            return null;
        }

        try
        {
            using var file = new FileStream(Path.Combine(folder, name), FileMode.Open, FileAccess.Read, FileShare.Read);
            if (file.Length > Largest)
            {
                problem = BrandTexts.LogoTooLarge(Largest >> 10);
                return null;
            }

            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            var isSvg = name.EndsWith(".svg", StringComparison.OrdinalIgnoreCase);
            problem = isSvg ? ProblemOfSvg(bytes) : ProblemOfPng(bytes);
            return problem is not null ? null
                : new LogoFile(bytes, isSvg ? "image/svg+xml" : "image/png", Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 8)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = BrandTexts.LogoMissing(name, folder);
            return null;
        }
    }

    private static LocalText? ProblemOfPng(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 33 || !bytes.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10])
            || !bytes[12..16].SequenceEqual("IHDR"u8)) return BrandTexts.LogoNoPng;
        var (width, height) = (BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]), BinaryPrimitives.ReadUInt32BigEndian(bytes[20..]));
        return width is 0 or > LongestSide || height is 0 or > LongestSide ? BrandTexts.LogoSides(LongestSide) : null;
    }

    /// <summary>Drawn shapes only: what is not known to be one is refused, so that nothing runs and nothing is fetched.</summary>
    private static LocalText? ProblemOfSvg(byte[] bytes)
    {
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(bytes), new XmlReaderSettings
            {
                DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = Largest, IgnoreComments = true,
            });
            var isRoot = true;
            while (reader.Read())
            {
                if (reader.NodeType == XmlNodeType.ProcessingInstruction) return BrandTexts.LogoActive(reader.Name);
                if (reader.NodeType != XmlNodeType.Element) continue;
                if (reader.NamespaceURI != "http://www.w3.org/2000/svg" || !Elements.Contains(reader.LocalName))
                    return BrandTexts.LogoActive(reader.Name);
                if (isRoot && reader.LocalName != "svg") return BrandTexts.LogoNoSvg;
                isRoot = false;
                while (reader.MoveToNextAttribute())
                {
                    if (!IsHarmless(reader.Name, reader.LocalName, reader.Value)) return BrandTexts.LogoActive(reader.Name);
                }
            }

            return isRoot ? BrandTexts.LogoNoSvg : null;
        }
        catch (XmlException)
        {
            return BrandTexts.LogoNoSvg;
        }
    }

    private static bool IsHarmless(string name, string localName, string value)
    {
        if (name is "xmlns" || name.StartsWith("xmlns:", StringComparison.Ordinal)) return true;
        if (localName.StartsWith("on", StringComparison.OrdinalIgnoreCase) || localName is "style" or "base") return false;
        if (localName.Equals("href", StringComparison.OrdinalIgnoreCase)) return value.StartsWith('#');
        // A part of the same picture, and nothing that is fetched.
        return !value.Replace("url(#", "", StringComparison.OrdinalIgnoreCase).Contains("url(", StringComparison.OrdinalIgnoreCase);
    }

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,63}\.(png|svg)\z", RegexOptions.IgnoreCase)]
    private static partial Regex NameForm();
}
