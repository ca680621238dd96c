using System.Text.Json;

namespace Larkspur.Emulator.Web.Cards;

/// <summary>Only addresses that cannot run script: http, https and the client's own lark scheme.</summary>
public static class SafeLink
{
    /// <summary>What the platform documents for "this link does nothing on this device".</summary>
    private const string Disabled = "lark://msgcard/unsupported_action";

    public static string? Check(string? address)
    {
        if (string.IsNullOrWhiteSpace(address) || address.Length > 4096) return null;
        var trimmed = address.Trim();
        if (trimmed == Disabled) return null;
        if (!Uri.TryCreate(trimmed, UriKind.Absolute, out var uri)) return null;
        return uri.Scheme is "http" or "https" or "lark" ? uri.AbsoluteUri : null;
    }

    /// <summary>The address for a desktop viewer out of <c>url</c>/<c>default_url</c> and <c>pc_url</c>.</summary>
    public static string? ForDesktop(JsonElement addresses) =>
        Check(addresses.Text("pc_url")) ?? Check(addresses.Text("url")) ?? Check(addresses.Text("default_url"));

    /// <summary>Where a component leads: <c>url</c>, <c>multi_url</c> (1.0) or an <c>open_url</c> behavior (both).</summary>
    public static string? Of(JsonElement component)
    {
        foreach (var behavior in component.Items("behaviors"))
        {
            if (behavior.Text("type") == "open_url" && ForDesktop(behavior) is { } address) return address;
        }

        return ForDesktop(component.At("multi_url")) ?? Check(component.Text("url"));
    }
}
