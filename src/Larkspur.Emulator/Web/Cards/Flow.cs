using System.Text.Json;

namespace Larkspur.Emulator.Web.Cards;

/// <summary>How a container lays its elements out: direction, spacing and alignment as classes.</summary>
internal static class Flow
{
    public static string? Horizontal(JsonElement container) =>
        container.Text("horizontal_align") is "center" or "right" ? "ha-" + container.Text("horizontal_align") : null;

    public static string? Vertical(JsonElement container) =>
        container.Text("vertical_align") is "center" or "bottom" ? "va-" + container.Text("vertical_align") : null;

    public static string Of(JsonElement container) => Measures.Join(
        "flow",
        container.Text("direction") == "horizontal" ? "flow-row" : null,
        Measures.Gap(container.Text("vertical_spacing"), "y"),
        Measures.Gap(container.Text("horizontal_spacing"), "x"),
        Measures.Padding(container.Text("padding")),
        Horizontal(container),
        Vertical(container));
}
