namespace Larkspur.Gateway.Console.Shell;

/// <summary>The question that stands before an open page, one at a time: a page asks it, <see cref="QuestionDialog"/> shows it.</summary>
internal sealed class Questions
{
    private TaskCompletionSource<bool>? _answer;

    /// <summary>Another question stands, or none any more.</summary>
    public event Action? Changed;

    public Question? Standing { get; private set; }

    /// <summary>Asks, and waits for the answer. An impatient second click asks nothing while the first question stands.</summary>
    /// <param name="question">What is asked.</param>
    /// <param name="gone">The page was left, and its question goes with it.</param>
    /// <returns>Whether the answer was yes.</returns>
    public async Task<bool> AskAsync(Question question, CancellationToken gone)
    {
        if (Standing is not null || gone.IsCancellationRequested) return false;
        var answer = _answer = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        Standing = question;
        Changed?.Invoke();
        await using var left = gone.Register(() => Answer(question, false));
        return await answer.Task;
    }

    /// <summary>Answers the question, unless it does not stand any more: a late click is no answer to the next one.</summary>
    public void Answer(Question question, bool yes)
    {
        if (Standing != question) return;
        Standing = null;
        _answer!.SetResult(yes);
        Changed?.Invoke();
    }
}
