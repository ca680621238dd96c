using Larkspur.Gateway.Common;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Larkspur.Gateway.Console.Shell;

/// <summary>A page that fails says so, with a reference that finds the log line; the rest of the console goes on.</summary>
public sealed partial class PageBoundary : ErrorBoundaryBase
{
    private string? _reference;

    /// <summary>Its reader. Not cascaded, so that it is there whatever failed.</summary>
    [Parameter]
    public Viewing Viewing { get; set; } = null!;

    [Inject]
    private ILogger<PageBoundary> Logger { get; set; } = null!;

    /// <inheritdoc/>
    protected override Task OnErrorAsync(Exception exception)
    {
        _reference = Reference.For("console", "page", Guid.NewGuid().ToString("N"));
        PageFailed(Logger, _reference, exception);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (CurrentException is null)
        {
            builder.AddContent(0, ChildContent);
            return;
        }

        builder.OpenComponent<Failure>(1);
        builder.AddComponentParameter(2, nameof(Failure.Viewing), Viewing);
        builder.AddComponentParameter(3, nameof(Failure.Reference), _reference);
        builder.AddComponentParameter(4, nameof(Failure.DatabaseIsAway), CurrentException is Storage.StorageUnavailableException);
        builder.CloseComponent();
    }

    [LoggerMessage(LogLevel.Error, "A page of the console failed; reference {Reference}")]
    private static partial void PageFailed(ILogger logger, string reference, Exception error);
}
