using Larkspur.Feishu.Cards.Building;

namespace Larkspur.Feishu.Cards;

/// <summary>A form: what is entered comes back together when its button is clicked.</summary>
/// <param name="Name">Name of the form.</param>
/// <param name="Elements">What is inside, a submit button among it.</param>
public sealed record Form(string Name, IReadOnlyList<CardElement> Elements) : ContainerElement
{
    private protected override ReadOnlySpan<byte> Tag => "form"u8;

    private protected override void WriteProperties(CardWriter w)
    {
        WriteLayout(w);
        WriteForm(w);
    }

    private void WriteForm(CardWriter w)
    {
        Guard.NotEmpty(Name, "The form's name");
        if (w.Depth > 0) throw new ArgumentException($"Form \"{Name}\" is inside of another container; put it directly into the card.");
        w.Json.WriteString("name"u8, Name);
        w.Form = new FormScope(Name);
        w.Enter("form");
        w.ElementList(Elements);
        w.Leave();
        if (!w.Form.HasSubmit) throw new ArgumentException($"Form \"{Name}\" has no button that submits it; add a Button with FormAction = FormAction.Submit.");
        w.Form = null;
    }
}
