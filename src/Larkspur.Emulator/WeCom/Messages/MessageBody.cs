using System.Text.Json.Nodes;

namespace Larkspur.Emulator.WeCom.Messages;

/// <summary>A message that passed validation.</summary>
/// <param name="Kind">The wire's <c>msgtype</c>.</param>
/// <param name="Text">What is read first.</param>
/// <param name="Content">The object under the <c>msgtype</c>.</param>
internal sealed record MessageBody(string Kind, string Text, JsonObject Content)
{
    /// <summary>The card, when it is one.</summary>
    public JsonObject? Card => Kind == "template_card" ? Content : null;
}
