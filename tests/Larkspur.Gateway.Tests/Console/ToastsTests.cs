using Larkspur.Gateway.Console.Shell;

namespace Larkspur.Gateway.Tests.Console;

public sealed class ToastsTests
{
    private readonly Toasts _toasts = new();

    [Fact]
    public void The_newest_stay_where_there_are_too_many()
    {
        for (var i = 1; i <= Toasts.Most + 2; i++) _toasts.Show(new Toast($"{i}", failed: false));
        Assert.Equal(["3", "4", "5", "6"], _toasts.Shown.Select(t => t.Text));
    }

    [Fact]
    public void What_is_said_twice_stands_once_and_anew()
    {
        var first = new Toast("Saved", failed: false);
        _toasts.Show(first);
        _toasts.Show(new Toast("Not saved", failed: true));
        _toasts.Show(new Toast("Saved", failed: false));
        Assert.Equal(["Not saved", "Saved"], _toasts.Shown.Select(t => t.Text));
        _toasts.Close(first);
        Assert.Equal(2, _toasts.Shown.Count);
        _toasts.Close(_toasts.Shown[1]);
        Assert.Equal(["Not saved"], _toasts.Shown.Select(t => t.Text));
    }
}
