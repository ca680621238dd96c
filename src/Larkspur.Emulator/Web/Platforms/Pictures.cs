using Larkspur.Emulator.WeCom.Media;
using Microsoft.AspNetCore.WebUtilities;

namespace Larkspur.Emulator.Web.Platforms;

/// <summary>Which pictures a page shows: those that were uploaded here. It loads nothing from elsewhere.</summary>
internal static class Pictures
{
    /// <param name="picture">A key of the store of files, or the address that an upload was answered with.</param>
    /// <returns>The page's own address of it; <see langword="null"/> when it is not here.</returns>
    public static string? Own(Viewer viewer, string? picture)
    {
        if (picture is not { Length: > 0 and < 2048 }) return null;
        if (viewer.Image(picture) is { } own) return own;
        if (!Uri.TryCreate(picture, UriKind.Absolute, out var address) || address.AbsolutePath != MediaApi.ImagePath) return null;
        return QueryHelpers.ParseQuery(address.Query).TryGetValue("file", out var key) && key is [{ } one] ? viewer.Image(one) : null;
    }
}
