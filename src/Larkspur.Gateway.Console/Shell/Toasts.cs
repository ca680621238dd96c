namespace Larkspur.Gateway.Console.Shell;

/// <summary>What an open page has told its reader and still shows; <see cref="ToastStack"/> draws it.</summary>
internal sealed class Toasts
{
    /// <summary>More than these at once are not read, and would cover the page.</summary>
    public const int Most = 4;

    public event Action? Changed;

    /// <summary>The newest is the last.</summary>
    public IReadOnlyList<Toast> Shown { get; private set; } = [];

    /// <summary>Shows it. What says the same as one that is shown takes its place: it is read out again, and has its whole time.</summary>
    public void Show(Toast toast) => Set([.. Shown.Where(t => t.Text != toast.Text).TakeLast(Most - 1), toast]);

    public void Close(Toast toast) => Set([.. Shown.Where(t => t != toast)]);

    private void Set(IReadOnlyList<Toast> shown)
    {
        Shown = shown;
        Changed?.Invoke();
    }
}

/// <summary>A message that goes away by itself.</summary>
/// <param name="text">In the reader's language.</param>
/// <param name="failed">Something was not done.</param>
internal sealed class Toast(string text, bool failed)
{
    public string Text { get; } = text;

    public bool Failed { get; } = failed;
}
