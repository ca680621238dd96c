namespace Larkspur.Gateway.Console.Shell;

/// <summary>What a page wants to know before it does something.</summary>
/// <param name="title">Names the dialog.</param>
internal abstract class Question(string title)
{
    public string Title { get; } = title;
}

/// <summary>Whether it shall really be done.</summary>
/// <param name="title">Names the dialog.</param>
/// <param name="text">What then happens.</param>
/// <param name="yes">The button that does it.</param>
/// <param name="destroys">Something is gone afterwards: the button looks like it.</param>
internal sealed class SureQuestion(string title, string text, string yes, bool destroys) : Question(title)
{
    public string Text { get; } = text;

    public string Yes { get; } = yes;

    public bool Destroys { get; } = destroys;
}

/// <summary>Whether it is still the person who logged in (<see cref="ConfirmItIsYou"/>).</summary>
/// <param name="title">Names the dialog.</param>
internal sealed class IdentityQuestion(string title) : Question(title);
