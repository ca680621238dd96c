using System.Text.Json;
using Microsoft.AspNetCore.Components;

namespace Larkspur.Emulator.Web.Cards;

/// <summary>What every drawn part of a card has: its JSON, its place, and the scene it is played in.</summary>
public abstract class CardPart : ComponentBase
{
    [CascadingParameter] public required CardScene Scene { get; set; }

    [Parameter, EditorRequired] public JsonElement Element { get; set; }

    [Parameter] public CardPlace Place { get; set; }

    protected Texts Texts => Scene.Texts;

    protected string Tag => Element.Text("tag") ?? "";

    protected string TextAt(string name) => Scene.TextOf(Element.At(name));

    /// <summary>Own classes plus what the component asks for itself: margin and, in 2.0, nothing else that is common to all.</summary>
    protected string Class(params IEnumerable<string?> classes) => Measures.Join([.. classes, Measures.Margin(Element.Text("margin"))]);

    protected bool Disabled => Element.Flag("disabled");

    /// <summary>Hover text: why it is disabled, or the tip.</summary>
    protected string? Tip => Scene.TextOf(Element.At(Disabled ? "disabled_tips" : "hover_tips")) is { Length: > 0 } tip ? tip : null;

    protected string Placeholder(string otherwise) => Scene.TextOf(Element.At("placeholder")) is { Length: > 0 } text ? text : otherwise;

    protected string? ControlWidth => Measures.Width(Element.Text("width"));

    /// <summary>
    /// Attributes by which the script finds an interactive part. Neither its callback value nor its kind travels through the page:
    /// the server looks both up in the card by the pointer.
    /// </summary>
    protected Dictionary<string, object> Wire(string control)
    {
        var attributes = new Dictionary<string, object> { ["data-control"] = control, ["data-at"] = Place.Pointer };
        if (Element.Text("name") is { } name) attributes["data-name"] = name;
        if (Element.Flag("required")) attributes["data-required"] = "";
        AddConfirm(attributes);
        return attributes;
    }

    protected void AddConfirm(Dictionary<string, object> attributes)
    {
        var confirm = Element.At("confirm");
        if (!confirm.IsObject) return;
        attributes["data-confirm-title"] = Scene.TextOf(confirm.At("title"));
        attributes["data-confirm-text"] = Scene.TextOf(confirm.At("text"));
    }

    /// <summary>In 2.0 a part answers only when it has a callback behavior; in 1.0 having the part is enough.</summary>
    protected bool CallsBack => !Scene.SecondSchema || Element.Items("behaviors").Any(static b => b.Text("type") == "callback");
}
