#!/bin/bash
# Builds, signs, packs and notarizes the desktop, on a Mac with Xcode's command line tools. NOT RUN by this project: it has
# no Mac. Every architecture is built on its own; not all wheels are universal.
#
#   CARENA_APP_IDENTITY       "Developer ID Application: …"; without it nothing is signed and nothing is notarized
#   CARENA_INSTALLER_IDENTITY "Developer ID Installer: …"
#   CARENA_NOTARY_PROFILE     a keychain profile made by: xcrun notarytool store-credentials
set -euo pipefail
cd "$(dirname "$0")/../.."
[ "$(uname -s)" = Darwin ] || { echo "build.sh: this needs a Mac" >&2; exit 1; }
python=.venv/bin/python
version=$($python -c 'import carena_desktop; print(carena_desktop.__version__)')
work=build/macos
dist=dist
app="$work/dist/Carena Desktop.app"
package="$dist/carena-desktop-$version-$(uname -m).pkg"
rm -rf "$work"
mkdir -p "$work/carena.iconset" "$dist"

for side in 16 32 128 256 512; do
  sips -s format png -z "$side" "$side" resources/icons/carena.svg --out "$work/carena.iconset/icon_${side}x${side}.png" > /dev/null
  sips -s format png -z $((side * 2)) $((side * 2)) resources/icons/carena.svg --out "$work/carena.iconset/icon_${side}x${side}@2x.png" > /dev/null
done
iconutil --convert icns --output "$work/carena.icns" "$work/carena.iconset"
$python -m PyInstaller --noconfirm --clean --log-level WARN --distpath "$work/dist" --workpath "$work/build" installers/macos/desktop.spec
$python -m installers.macos.entitlements > "$work/entitlements.plist"
plutil -lint "$work/entitlements.plist" "$app/Contents/Info.plist"

if [ -n "${CARENA_APP_IDENTITY:-}" ]; then
  # Inside out, each file by itself: --deep signs in no defined order and with the wrong entitlements.
  find "$app/Contents" -type f \( -name '*.dylib' -o -name '*.so' \) -print0 |
    xargs -0 -n 20 codesign --force --timestamp --options runtime --sign "$CARENA_APP_IDENTITY"
  find "$app/Contents/Frameworks" -maxdepth 1 -name '*.framework' -print0 |
    xargs -0 -n 1 codesign --force --timestamp --options runtime --sign "$CARENA_APP_IDENTITY"
  codesign --force --timestamp --options runtime --entitlements "$work/entitlements.plist" --sign "$CARENA_APP_IDENTITY" "$app"
  codesign --verify --strict --verbose=2 "$app"
else
  echo "build.sh: not signed (CARENA_APP_IDENTITY is not set)"
fi

pkgbuild --component "$app" --install-location /Applications --identifier org.carena.desktop --version "$version" "$work/component.pkg"
productbuild --package "$work/component.pkg" ${CARENA_INSTALLER_IDENTITY:+--sign "$CARENA_INSTALLER_IDENTITY"} "$package"

if [ -n "${CARENA_NOTARY_PROFILE:-}" ] && [ -n "${CARENA_INSTALLER_IDENTITY:-}" ]; then
  xcrun notarytool submit "$package" --keychain-profile "$CARENA_NOTARY_PROFILE" --wait
  xcrun stapler staple "$package"
  spctl --assess --type install --verbose "$package"
else
  echo "build.sh: not notarized (CARENA_NOTARY_PROFILE or CARENA_INSTALLER_IDENTITY is not set)"
fi
(cd "$dist" && shasum -a 256 "$(basename "$package")" >> SHA256SUMS)
echo "$package"
