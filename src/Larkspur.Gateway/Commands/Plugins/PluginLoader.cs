using System.Reflection;
using System.Runtime.Loader;

namespace Larkspur.Gateway.Commands.Plugins;

/// <summary>
/// Loads plug-ins from an assembly's file. What the gateway brings itself (its own assemblies, the framework) is shared, all else is the
/// plug-in's own.
/// </summary>
internal static class PluginLoader
{
    /// <param name="path">The file; a relative one is below the working directory.</param>
    /// <param name="setting">The setting that names it.</param>
    /// <param name="problems">Gets what is wrong with it.</param>
    public static IReadOnlyList<IGatewayPlugin> Load(string path, string setting, List<string> problems)
    {
        var file = Path.GetFullPath(path);
        if (!File.Exists(file))
        {
            problems.Add($"{setting}: there is no file {file}. Give the path of the plug-in's assembly, such as plugins/Acme.Larkspur.dll");
            return [];
        }

        try
        {
            // GetTypes and not the exported ones alone: a type that cannot be loaded is told, whoever it is for.
            var types = new PluginLoadContext(file).LoadFromAssemblyPath(file).GetTypes()
                .Where(t => t is { IsClass: true, IsAbstract: false, IsVisible: true })
                .Where(t => t.IsAssignableTo(typeof(IGatewayPlugin))).ToArray();
            if (types.Length == 0) problems.Add($"{setting}: {file} has no public class that implements {nameof(IGatewayPlugin)}");
            return [.. types.Select(type => Create(type, file, setting, problems)).OfType<IGatewayPlugin>()];
        }
        catch (BadImageFormatException)
        {
            problems.Add($"{setting}: {file} is no .NET assembly");
        }
        catch (ReflectionTypeLoadException e)
        {
            var why = e.LoaderExceptions.FirstOrDefault()?.Message ?? e.Message;
            problems.Add($"{setting}: {file} does not fit this gateway, or something that it needs does not lie beside it: {why}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add($"{setting}: {file} cannot be loaded: {e.Message}");
        }

        return [];
    }

    private static IGatewayPlugin? Create(Type type, string file, string setting, List<string> problems)
    {
        if (type.GetConstructor(Type.EmptyTypes) is not { } constructor)
        {
            problems.Add($"{setting}: {type.FullName} of {file} needs a public constructor without parameters");
            return null;
        }

        try
        {
            return (IGatewayPlugin)constructor.Invoke(null);
        }
        catch (TargetInvocationException e)
        {
            problems.Add($"{setting}: {type.FullName} of {file} cannot be made: {e.InnerException?.Message ?? e.Message}");
            return null;
        }
    }

    /// <summary>Looks where the gateway's assemblies are first: a type that both know must be one type.</summary>
    private sealed class PluginLoadContext(string file) : AssemblyLoadContext(Path.GetFileNameWithoutExtension(file))
    {
        private readonly AssemblyDependencyResolver _beside = new(file);

        protected override Assembly? Load(AssemblyName assemblyName)
        {
            try
            {
                return Default.LoadFromAssemblyName(assemblyName);
            }
            catch (Exception e) when (e is FileNotFoundException or FileLoadException)
            {
                return _beside.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path) : null;
            }
        }

        protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
            _beside.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : 0;
    }
}
