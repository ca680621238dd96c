using System.Text;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Conversations;

namespace Larkspur.Gateway.Commands;

/// <summary>An answer that is written while the person reads it. For one writer.</summary>
public sealed class CommandStream
{
    private readonly StringBuilder _text = new();

    internal CommandStream(string? title, IAnswer? answer) => (Title, Answer) = (title, answer);

    internal string? Title { get; }

    /// <summary>Null: nothing grows there.</summary>
    internal IAnswer? Answer { get; }

    internal string Text => _text.ToString();

    /// <summary>Adds to the text, Markdown. Returns at once; the platform is shown as many frames as it takes.</summary>
    public void Append(string text)
    {
        _text.Append(text);
        Answer?.Append(text);
    }

    /// <summary>The reply that ends it. From the transaction on the whole text will be shown, whatever becomes of this process.</summary>
    /// <param name="note">Small print below; null: none.</param>
    public CommandReply Finish(LocalText? note = null) => CommandReply.Finishing(this, note);
}
