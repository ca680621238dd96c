using Larkspur.Gateway.Console.Shell;

namespace Larkspur.Gateway.Tests.Console;

public sealed class QuestionsTests
{
    private readonly Questions _questions = new();
    private readonly SureQuestion _first = new("Revoke", "Revoke erp?", "Revoke", destroys: true);
    private readonly SureQuestion _second = new("Delete", "Delete erp?", "Delete", destroys: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_answer_is_the_one_that_was_given_and_a_late_one_is_no_answer_to_the_next_question(bool answer)
    {
        var first = _questions.AskAsync(_first, CancellationToken.None);
        _questions.Answer(_first, answer);
        Assert.Equal(answer, await first);
        var second = _questions.AskAsync(_second, CancellationToken.None);
        _questions.Answer(_first, true);
        Assert.Same(_second, _questions.Standing);
        Assert.False(second.IsCompleted);
        _questions.Answer(_second, false);
        Assert.False(await second);
        Assert.Null(_questions.Standing);
    }

    [Fact]
    public async Task One_question_stands_at_a_time()
    {
        var first = _questions.AskAsync(_first, CancellationToken.None);
        Assert.False(await _questions.AskAsync(_second, CancellationToken.None));
        Assert.Same(_first, _questions.Standing);
        _questions.Answer(_first, true);
        Assert.True(await first);
    }

    [Fact]
    public async Task A_question_goes_with_its_page()
    {
        using var gone = new CancellationTokenSource();
        var asked = _questions.AskAsync(_first, gone.Token);
        await gone.CancelAsync();
        Assert.False(await asked);
        Assert.Null(_questions.Standing);
        Assert.False(await _questions.AskAsync(_second, gone.Token));
    }
}
